package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;

/**
 * The work on one delivery. Called on the user scheduler, once per try; what it returns is subscribed at once,
 * under the lease. Completion acks (an empty publisher completes too), an error naks or dead-letters by policy, a
 * throw is an error; an emitted {@link Disposition} decides otherwise. Cancelled when the lease is lost.
 *
 * <p>An error that Reactor calls fatal ({@link VirtualMachineError}, {@link ThreadDeath}, {@link LinkageError}) is an
 * error of the message as any other, and then goes to the uncaught-exception handler of the thread. What an operator
 * throws of these on a thread of its own only that thread's scheduler sees: such a run ends by {@link
 * MessageConsumer#handlerTimeout} or {@link MessageConsumer#maxHold}.
 *
 * <p>A publisher that has not called {@code onSubscribe} cannot be cancelled: when its time, its lease or its consumer
 * ends, the run ends without it, and the subscription that it brings later is cancelled at once.
 *
 * @param <T> the type of the body
 */
@FunctionalInterface
@CheckReturnValue
public interface Handler<T> {
    /** Returns the work on this delivery; never null. */
    Publisher<?> handle(Delivery<T> delivery);

    /**
     * Makes a handler that blocks. It has a thread for each run, so that {@link MessageConsumer#concurrency} says how
     * many threads there are: virtual ones on JDK 21 and later (where what is {@code synchronized} holds their carriers
     * up to JDK 23), else those of a pool of this consumer's own, named after its group and ended with its
     * subscription. It is interrupted when the lease is lost, and keeps its slot until its thread has left. {@link
     * MessageConsumer#handlerTimeout} and {@link MessageConsumer#maxHold} count from the moment at which its thread
     * enters it; to wait for a thread is no failure of the message. {@link Delivery#current()} finds its delivery.
     *
     * @param work what to do; what it throws is the failure of the message
     */
    static <T> Handler<T> blocking(Consumer<? super Delivery<T>> work) {
        return blockingCall(delivery -> {
            work.accept(delivery);
            return null;
        });
    }

    /** Makes one as {@link #blocking} does, for a function whose result is emitted: a {@link Disposition} decides. */
    static <T> Handler<T> blockingCall(
            Function<? super Delivery<T>, ? extends @org.jspecify.annotations.Nullable Object> work) {
        return new BlockingHandler<>(work);
    }
}
