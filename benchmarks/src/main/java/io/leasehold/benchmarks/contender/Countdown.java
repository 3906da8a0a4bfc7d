package io.leasehold.benchmarks.contender;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Waits for a number of messages, or for what went wrong. */
public final class Countdown {
    private final int all;
    private final AtomicInteger left;
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** For so many. */
    public Countdown(int messages) {
        this.all = messages;
        this.left = new AtomicInteger(messages);
    }

    /** One more is done. */
    public void done() {
        if (left.decrementAndGet() == 0) {
            ended.countDown();
        }
    }

    /** It cannot go on. */
    public void failed(Throwable why) {
        wrong.compareAndSet(null, why);
        ended.countDown();
    }

    /** Waits for all. */
    public void await() throws Exception {
        if (!ended.await(Trial.LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException(left.get() + " of " + all + " messages are missing");
        }
        Throwable why = wrong.get();
        if (why != null) {
            throw new IllegalStateException(why);
        }
    }
}
