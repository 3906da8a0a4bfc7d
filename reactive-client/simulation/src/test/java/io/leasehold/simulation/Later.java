package io.leasehold.simulation;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Something that takes its time on a lane, then emits one value and completes. May be deaf to cancellation. */
final class Later implements Publisher<String> {
    private final SimLane lane;
    private final long nanos;
    private final Runnable begun;
    private final Runnable ended;

    /**
     * Emits after so long.
     *
     * @param begun told when it is subscribed
     * @param ended told when it is over: done or cancelled
     */
    Later(SimLane lane, long nanos, Runnable begun, Runnable ended) {
        this.lane = lane;
        this.nanos = nanos;
        this.begun = begun;
        this.ended = ended;
    }

    @Override
    public void subscribe(Subscriber<? super String> subscriber) {
        Run run = new Run(subscriber);
        begun.run();
        subscriber.onSubscribe(run);
    }

    private final class Run implements Subscription {
        private final Subscriber<? super String> subscriber;
        private boolean started;
        private boolean over;

        Run(Subscriber<? super String> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (!started) {
                started = true;
                lane.after(nanos, this::emit);
            }
        }

        private void emit() {
            if (!over) {
                over = true;
                ended.run();
                subscriber.onNext("later");
                subscriber.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                ended.run();
            }
        }
    }
}
