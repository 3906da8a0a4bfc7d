package io.leasehold.nats.connection;

import io.leasehold.lease.Ticker;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;
import reactor.util.context.Context;

/**
 * Where a connection lives: one event loop of its own, on which all its state is read and written, the client's clock
 * and timers, and a place for what blocks. Timers run on the client's scheduler, so that virtual time works, and hand
 * over to the loop.
 */
final class Home implements Loop {
    private static final Duration QUIET = Duration.ZERO;
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final ConnectionContext context;
    private final boolean nativeTransport;
    private final LoopResources loops;
    private final EventLoop loop;

    Home(ConnectionContext context, boolean nativeTransport) {
        this.context = context;
        // Asked here, whatever is wanted: who asks first waits for a library that is unpacked and loaded.
        this.nativeTransport = LoopResources.hasNativeSupport() && nativeTransport;
        this.loops = LoopResources.create("leasehold-nats", 1, 1, true);
        this.loop = loops.onClient(nativeTransport).next();
    }

    ConnectionContext context() {
        return context;
    }

    LoopResources loops() {
        return loops;
    }

    boolean isNative() {
        return nativeTransport;
    }

    @Override
    public long nanos() {
        Ticker ticker = context.ticker();
        return ticker.nanos();
    }

    Scheduler time() {
        return context.time();
    }

    @Override
    public boolean execute(Runnable task) {
        try {
            loop.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Whether the caller is on the loop. */
    boolean isHere() {
        return loop.inEventLoop();
    }

    @Override
    public void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    @Override
    public void fault(Throwable fault) {
        Exceptions.throwIfJvmFatal(fault);
        try {
            context.recorder().fault(fault);
        } catch (RuntimeException again) {
            again.addSuppressed(fault);
            Operators.onErrorDropped(again, Context.empty());
        }
    }

    /** Does what blocks elsewhere and comes back with its result. */
    <V> void elsewhere(Callable<V> work, Consumer<? super V> onLoop, Consumer<? super Throwable> onError) {
        Mono.fromCallable(work)
                .subscribeOn(context.blocking())
                .subscribe(value -> execute(() -> onLoop.accept(value)), error -> execute(() -> onError.accept(error)));
    }

    /** Ends the loop; completes when its thread has ended. */
    Mono<Void> leave() {
        return loops.disposeLater(QUIET, END_WITHIN);
    }
}
