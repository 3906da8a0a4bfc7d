package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Delivery;
import org.jspecify.annotations.Nullable;

/** Where one argument of a listener method comes from. */
@FunctionalInterface
interface Argument {
    /** Returns the argument for a delivery. */
    @Nullable
    Object of(Delivery<?> delivery);
}
