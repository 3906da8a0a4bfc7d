package io.leasehold.embedded;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what only the broker's turn changes and any thread may read, without the price of a fence. */
final class Counter {
    private final AtomicLong value = new AtomicLong();

    void add(long difference) {
        value.setOpaque(value.getPlain() + difference);
    }

    long get() {
        return value.getOpaque();
    }
}
