package io.leasehold.event;

import io.leasehold.api.Internal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler whose tasks take nothing along from the thread that schedules them. Hooks of Reactor's, such as that of
 * its automatic context propagation, carry the thread locals of that thread to the one that runs the task; and the one
 * that schedules the work of a client is any that happens to be at it.
 */
@Internal
public final class ApartScheduler implements Scheduler {
    private final Scheduler scheduler;
    private final Apart apart;

    private ApartScheduler(Scheduler scheduler, Apart apart) {
        this.scheduler = scheduler;
        this.apart = apart;
    }

    /**
     * The same scheduler, apart from the threads that schedule.
     *
     * @param apart keeps from tasks what the thread holds; null keeps nothing from them
     */
    public static Scheduler of(Scheduler scheduler, @Nullable Apart apart) {
        return apart == null ? scheduler : new ApartScheduler(scheduler, apart);
    }

    @Override
    @SuppressWarnings("try") // a scope is there to be closed
    public Disposable schedule(Runnable task) {
        try (CallerContext.Scope scope = apart.enter()) {
            return scheduler.schedule(task);
        }
    }

    @Override
    @SuppressWarnings("try")
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        try (CallerContext.Scope scope = apart.enter()) {
            return scheduler.schedule(task, delay, unit);
        }
    }

    @Override
    @SuppressWarnings("try")
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        try (CallerContext.Scope scope = apart.enter()) {
            return scheduler.schedulePeriodically(task, initialDelay, period, unit);
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return scheduler.now(unit);
    }

    @Override
    public Worker createWorker() {
        return new ApartWorker(scheduler.createWorker());
    }

    @Override
    public void dispose() {
        scheduler.dispose();
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return scheduler.disposeGracefully();
    }

    @Override
    public boolean isDisposed() {
        return scheduler.isDisposed();
    }

    private final class ApartWorker implements Worker {
        private final Worker worker;

        ApartWorker(Worker worker) {
            this.worker = worker;
        }

        @Override
        @SuppressWarnings("try")
        public Disposable schedule(Runnable task) {
            try (CallerContext.Scope scope = apart.enter()) {
                return worker.schedule(task);
            }
        }

        @Override
        @SuppressWarnings("try")
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            try (CallerContext.Scope scope = apart.enter()) {
                return worker.schedule(task, delay, unit);
            }
        }

        @Override
        @SuppressWarnings("try")
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            try (CallerContext.Scope scope = apart.enter()) {
                return worker.schedulePeriodically(task, initialDelay, period, unit);
            }
        }

        @Override
        public void dispose() {
            worker.dispose();
        }

        @Override
        public boolean isDisposed() {
            return worker.isDisposed();
        }
    }
}
