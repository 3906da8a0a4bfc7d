package io.leasehold.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Subscribes to operations and sees that each ends in exactly one signal. */
final class Signals {
    private final SimWorld world;
    private final String where;
    private final List<Once<?>> open = new ArrayList<>();
    private int done;
    private int failed;

    Signals(SimWorld world, String where) {
        this.world = world;
        this.where = where;
    }

    /** Subscribes to an operation. */
    <T> Once<T> follow(String what, Mono<T> operation) {
        return follow(what, operation, value -> {});
    }

    /** Subscribes to an operation and takes its value. */
    <T> Once<T> follow(String what, Mono<T> operation, Consumer<? super T> taker) {
        Once<T> once = new Once<>(what, taker);
        open.add(once);
        operation.subscribe(once);
        return once;
    }

    /** The operations that have had no last signal, in words. */
    List<String> open() {
        return open.stream().map(once -> once.what).toList();
    }

    int doneCount() {
        return done;
    }

    int failedCount() {
        return failed;
    }

    /** One operation. */
    final class Once<T> implements CoreSubscriber<T> {
        private final String what;
        private final Consumer<? super T> taker;
        private boolean over;
        private int values;

        Once(String what, Consumer<? super T> taker) {
            this.what = what;
            this.taker = taker;
        }

        boolean isOver() {
            return over;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T value) {
            if (over || values++ > 0) {
                world.violate("P7", what + " emitted after its end at " + where);
            }
            taker.accept(value);
        }

        @Override
        public void onError(Throwable error) {
            if (world.isTraced()) {
                world.trace(where, what + " failed: " + error.getMessage());
            }
            failed++;
            end();
        }

        @Override
        public void onComplete() {
            done++;
            end();
        }

        private void end() {
            if (over) {
                world.violate("P7", what + " ended twice at " + where);
                return;
            }
            over = true;
            open.remove(this);
            world.mark(open.size());
        }
    }
}
