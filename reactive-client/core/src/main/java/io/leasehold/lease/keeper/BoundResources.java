package io.leasehold.lease.keeper;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.BoundResource;
import io.leasehold.pace.GuardedFlux;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Keeps the resources that hang on one lease. */
final class BoundResources {
    private static final int ACQUIRING = 0;
    private static final int HELD = 1;
    private static final int RELEASED = 2;

    private final KeptLease lease;
    private final LeaseHandle handle;
    private final Queue<Bound<?>> held = new ConcurrentLinkedQueue<>();

    BoundResources(KeptLease lease, LeaseHandle handle) {
        this.lease = lease;
        this.handle = handle;
    }

    <R> Mono<BoundResource<R>> bind(Mono<R> acquire, Function<? super R, ? extends Publisher<?>> release) {
        Bound<R> bound = new Bound<>(lease, release);
        // The value is seen before the lease's end can cut the way to the caller: what was acquired is always
        // released.
        return handle.track(acquire.doOnNext(bound::acquired))
                .next()
                .<BoundResource<R>>map(ignored -> bound)
                .doOnSubscribe(ignored -> held.add(bound))
                .doOnCancel(() -> bound.release().subscribe());
    }

    /** Releases all; completes when that is done. Errors of a release are reported and dropped. */
    Mono<Void> release() {
        return Flux.defer(() -> Flux.fromIterable(held))
                .concatMap(Bound::release)
                .then();
    }

    private static final class Bound<R> implements BoundResource<R> {
        private final KeptLease lease;
        private final Function<? super R, ? extends Publisher<?>> release;
        private final AtomicInteger state = new AtomicInteger(ACQUIRING);
        private volatile @Nullable R resource;

        Bound(KeptLease lease, Function<? super R, ? extends Publisher<?>> release) {
            this.lease = lease;
            this.release = release;
        }

        void acquired(R value) {
            resource = value;
            if (!state.compareAndSet(ACQUIRING, HELD)) {
                giveBack(value).subscribe();
            }
        }

        @Override
        public R use() {
            R value = resource;
            if (value == null || state.get() != HELD || !lease.mayWork()) {
                throw lease.lostException(ErrorCode.LEASE_LOST);
            }
            return value;
        }

        Mono<Void> release() {
            return Mono.defer(() -> {
                R value = resource;
                boolean mine = state.getAndSet(RELEASED) == HELD;
                return mine && value != null ? giveBack(value) : Mono.empty();
            });
        }

        private Mono<Void> giveBack(R value) {
            Publisher<Object> released =
                    subscriber -> Flux.<Object>from(release.apply(value)).subscribe(subscriber);
            return Mono.create(done -> {
                Disposable running =
                        GuardedFlux.of(released).subscribe(ignored -> {}, error -> failed(error, done), done::success);
                if (!running.isDisposed()) {
                    done.onDispose(lease.afterPatience(() -> giveUp(running, done)));
                }
            });
        }

        private void failed(Throwable error, MonoSink<Void> done) {
            lease.reportFault(error);
            done.success();
        }

        // Of what is thrown on a thread of its own nothing is heard; the run, its slot and its key must not wait for it
        // for ever.
        private void giveUp(Disposable running, MonoSink<Void> done) {
            try {
                running.dispose();
            } finally {
                failed(unfinished(), done);
            }
        }

        private static MessagingException unfinished() {
            return new MessagingException(
                    ErrorCode.RELEASE_UNFINISHED,
                    "a resource was not released in time; its release was cancelled, and the run ends",
                    "lease",
                    "see what the uncaught-exception handler of its thread was told, and have the release end");
        }
    }
}
