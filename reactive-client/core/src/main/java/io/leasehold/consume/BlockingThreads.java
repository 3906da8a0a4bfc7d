package io.leasehold.consume;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The threads on which blocking handlers of one consumption run, named after its group, so that concurrency means
 * threads: a virtual one for each call where the JDK has them, else a pool of the consumption's own that is as large as
 * its concurrency wants. Nobody else's tasks are on them. The pool is made when it is first needed.
 */
final class BlockingThreads implements Disposable {
    private static final int IDLE_SECONDS = 60;
    private static final int QUEUED_MAX = 100_000;

    private final String name;
    private final IntSupplier concurrency;
    private final @Nullable ThreadFactory virtual;
    private final AtomicReference<@Nullable Pool> pool = new AtomicReference<>();
    private volatile boolean disposed;

    BlockingThreads(String group, IntSupplier concurrency) {
        this(group, concurrency, virtualThreads("leasehold-" + group + "-"));
    }

    /**
     * Threads of one consumption.
     *
     * @param concurrency how many calls are made at once, now
     * @param virtual makes a thread for each call; null for a pool
     */
    BlockingThreads(String group, IntSupplier concurrency, @Nullable ThreadFactory virtual) {
        this.name = "leasehold-" + group;
        this.concurrency = concurrency;
        this.virtual = virtual;
    }

    // Those of JDK 21 and later, found by reflection: the sources are for 17. Null where the JDK has none, or only as a
    // preview.
    private static @Nullable ThreadFactory virtualThreads(String prefix) {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Object virtual = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named = builder.getMethod("name", String.class, long.class).invoke(virtual, prefix, 1L);
            return (ThreadFactory) builder.getMethod("factory").invoke(named);
        } catch (ReflectiveOperationException none) {
            return null;
        }
    }

    private record Pool(int concurrency, Scheduler scheduler) {
        // A thread is free a moment after its call has given its slot back: without room for both, a call would be
        // queued behind any of those that are under way.
        static Pool of(String name, int concurrency) {
            int threads = 2 * Math.min(concurrency, Integer.MAX_VALUE / 2);
            return new Pool(concurrency, Schedulers.newBoundedElastic(threads, QUEUED_MAX, name, IDLE_SECONDS, true));
        }
    }

    /**
     * Has a call run on a thread of its own.
     *
     * @return interrupts it, unless that is asked for by itself
     * @throws RejectedExecutionException when the consumption is over
     */
    Disposable start(Runnable call) {
        if (virtual == null) {
            return pool().schedule(call);
        }
        if (disposed) {
            throw new RejectedExecutionException("the consumer has ended");
        }

        Thread thread = virtual.newThread(call);
        thread.start();

        return () -> {
            if (thread != Thread.currentThread()) {
                thread.interrupt();
            }
        };
    }

    // Grows with the concurrency, which may be changed at any time; does not shrink, since threads that idle end.
    private Scheduler pool() {
        int wanted = Math.max(1, concurrency.getAsInt());
        Pool present = pool.get();
        while (present == null || present.concurrency() < wanted) {
            Pool larger = Pool.of(name, wanted);
            if (pool.compareAndSet(present, larger)) {
                end(present);
                present = larger;
            } else {
                larger.scheduler().dispose();
                present = pool.get();
            }
        }
        if (disposed) {
            present.scheduler().dispose();
        }

        return present.scheduler();
    }

    // What it was given before is still finished.
    private static void end(@Nullable Pool replaced) {
        if (replaced != null) {
            replaced.scheduler().disposeGracefully().subscribe();
        }
    }

    /**
     * Takes nothing more. What is still under way in a pool is interrupted; on a virtual thread its own cancel does so.
     */
    @Override
    public void dispose() {
        disposed = true;
        Pool present = pool.get();
        if (present != null) {
            present.scheduler().dispose();
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
