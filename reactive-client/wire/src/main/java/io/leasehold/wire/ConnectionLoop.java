package io.leasehold.wire;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;
import reactor.util.context.Context;

/**
 * The one thread on which all state of a connection is read and written: an event loop of its own, the client's clock
 * and timers, and a place for what blocks. Timers run on the client's scheduler, so that virtual time works, and hand
 * over to the loop.
 */
public final class ConnectionLoop {
    private static final Duration QUIET = Duration.ZERO;
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final WireProtocol protocol;
    private final ConnectionContext context;
    private final boolean nativeTransport;
    private final LoopResources loops;
    private final Executor executor;

    ConnectionLoop(
            WireProtocol protocol,
            ConnectionContext context,
            LoopResources loops,
            Executor executor,
            boolean nativeTransport) {
        this.protocol = protocol;
        this.context = context;
        this.loops = loops;
        this.executor = executor;
        this.nativeTransport = nativeTransport;
    }

    /**
     * Starts a loop, with a thread of its own.
     *
     * @param nativeTransport whether io_uring, epoll or kqueue is used where it is present
     */
    @CheckReturnValue
    public static ConnectionLoop start(WireProtocol protocol, ConnectionContext context, boolean nativeTransport) {
        // Asked here, whatever is wanted: who asks first waits for a library that is unpacked and loaded.
        boolean isNative = LoopResources.hasNativeSupport() && nativeTransport;
        LoopResources loops = LoopResources.create("leasehold-" + protocol.name(), 1, 1, true);
        return new ConnectionLoop(
                protocol, context, loops, loops.onClient(nativeTransport).next(), isNative);
    }

    WireProtocol protocol() {
        return protocol;
    }

    /** Returns what the client has given. */
    public ConnectionContext context() {
        return context;
    }

    LoopResources resources() {
        return loops;
    }

    boolean isNative() {
        return nativeTransport;
    }

    /** Reads the client's clock, in nanoseconds; safe from any thread. */
    public long nanos() {
        Ticker ticker = context.ticker();
        return ticker.nanos();
    }

    /** Returns the scheduler on which timers run, which hand over to the loop. */
    public Scheduler time() {
        return context.time();
    }

    /** Runs a task on the loop; returns false when the loop has ended. Safe from any thread. */
    public boolean execute(Runnable task) {
        try {
            executor.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Runs a task at once, and tells of what it throws as a defect: the loop goes on. */
    public void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    /** Tells the recorder of a defect; an error that is fatal for the JVM is thrown on. */
    public void fault(Throwable fault) {
        Exceptions.throwIfJvmFatal(fault);
        try {
            context.recorder().fault(fault);
        } catch (RuntimeException again) {
            again.addSuppressed(fault);
            Operators.onErrorDropped(again, Context.empty());
        }
    }

    /** Does elsewhere what blocks, and comes back onto the loop with the result. */
    public <V> void elsewhere(Callable<V> work, Consumer<? super V> onLoop, Consumer<? super Throwable> onError) {
        Mono.fromCallable(work)
                .subscribeOn(context.blocking())
                .subscribe(value -> execute(() -> onLoop.accept(value)), error -> execute(() -> onError.accept(error)));
    }

    /** Ends the loop within 2 s; the Mono completes when its thread has ended. */
    @CheckReturnValue
    public Mono<Void> leave() {
        return loops.disposeLater(QUIET, END_WITHIN);
    }
}
