package io.leasehold.publish;

import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.pace.DrainLoop;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.GuardedFlux;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Publishes all messages of a source, once per subscription. */
final class FluxPublishAll extends Flux<PublishResult> {
    private final PublishMode mode;
    private final PublishSettings limits;
    private final Publisher<? extends Message> source;

    FluxPublishAll(PublishMode mode, PublishSettings limits, Publisher<? extends Message> source) {
        this.mode = mode;
        this.limits = limits;
        this.source = source;
    }

    @Override
    public void subscribe(CoreSubscriber<? super PublishResult> actual) {
        PublishAllSubscriber publishes;
        try {
            publishes = new PublishAllSubscriber(mode, limits, actual);
        } catch (Throwable broken) {
            Operators.error(actual, Exceptions.unwrap(broken));
            FatalErrors.handOn(broken);
            return;
        }

        GuardedFlux.of(source).subscribe(publishes);
    }

    /**
     * Is one subscription to many publishes: a queue in the order of the messages, of which the head is given out as
     * soon as it has ended. A message is taken only against a result that was asked for, so that giving out never waits
     * for demand.
     *
     * <pre>
     *   source ──message──► queue (input order) ──► window ──ended──► wake ──one hop──► run: head, head, ... ──►
     *      subscriber ▲                                                                             │
     *      └───────────────────────────── Demand: as much as was asked for and fits ◄───────────────┘
     * </pre>
     */
    static final class PublishAllSubscriber implements CoreSubscriber<Message>, Subscription, SignalQueue.Signal {
        private static final AtomicIntegerFieldUpdater<PublishAllSubscriber> STOPPED =
                AtomicIntegerFieldUpdater.newUpdater(PublishAllSubscriber.class, "stopped");
        private static final int LINK = 128;

        /** After so many passes at a stretch others on the same scheduler get their turn. */
        private static final int PASSES = 4;

        private final PublishMode mode;
        private final PublishSettings limits;
        private final StageChain.@Nullable Captured captured;
        private final Queue<QueuedPublish> queue =
                Queues.<QueuedPublish>unbounded(LINK).get();
        private final DrainLoop loop = new DrainLoop();
        private final Runnable giveOut = this::giveOut;
        private @Nullable CoreSubscriber<? super PublishResult> actual;
        private @Nullable Subscription source;
        private @Nullable Demand demand;
        private @Nullable Throwable error;
        private volatile boolean done;
        private volatile int stopped;

        PublishAllSubscriber(PublishMode mode, PublishSettings limits, CoreSubscriber<? super PublishResult> actual) {
            this.mode = mode;
            this.limits = limits;
            this.actual = actual;
            this.captured = mode.window().stages().capture(actual.currentContext());
        }

        @Override
        public Context currentContext() {
            CoreSubscriber<? super PublishResult> to = actual;
            return to == null ? Context.empty() : to.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            CoreSubscriber<? super PublishResult> to = actual;
            if (to != null && Operators.validate(source, subscription)) {
                source = subscription;
                demand = new Demand(subscription, limits.window(), limits.windowBytes());
                to.onSubscribe(this);
            }
        }

        @Override
        public void onNext(Message message) {
            Objects.requireNonNull(message);
            if (done || stopped != 0) {
                return;
            }

            Objects.requireNonNull(demand).came(take(message));
            if (stopped != 0) {
                wakeFromOutside();
            }
        }

        /** Publishes a message; returns how many bytes its body has. What has none has failed, in its place. */
        private int take(Message message) {
            try {
                Message encoded = mode.window().codecs().encoded(message);
                QueuedPublish publish = new QueuedPublish(mode, encoded, message, this);
                queue.offer(publish);
                publish.post();
                return encoded.sizeBytes();
            } catch (MessagingException failed) {
                mode.window().events().unencodable(message.topic(), failed);
                queue.offer(QueuedPublish.unencodable(mode, message, this, failed));
                wakeFromOutside();
                return 0;
            }
        }

        @Override
        public void onError(Throwable failure) {
            Objects.requireNonNull(failure);
            if (done) {
                Operators.onErrorDropped(failure, currentContext());
                return;
            }
            end(failure);
        }

        @Override
        public void onComplete() {
            end(null);
        }

        /** Ends the source: no message follows; the error comes after the results of what was taken. */
        private void end(@Nullable Throwable failure) {
            if (!done) {
                error = failure;
                done = true;
                wakeFromOutside();
            }
        }

        @Override
        public void request(long n) {
            if (n > 0) {
                Objects.requireNonNull(demand).add(n);
            } else {
                Objects.requireNonNull(source).cancel();
                end(Demand.bad(n));
            }
        }

        @Override
        public void cancel() {
            if (STOPPED.compareAndSet(this, 0, 1)) {
                Objects.requireNonNull(source).cancel();
                wakeFromOutside();
            }
        }

        /** Schedules one run unless one is under way: something has ended, or changed. Within the window's turn. */
        private void wake() {
            if (loop.enter()) {
                mode.window().signals().add(this);
            }
        }

        private void wakeFromOutside() {
            wake();
            mode.window().signals().send();
        }

        @Override
        public Executor executor() {
            return mode.executor();
        }

        @Override
        public void run() {
            if (!loop.drain(giveOut, PASSES)) {
                executor().execute(this);
            }
        }

        private void giveOut() {
            CoreSubscriber<? super PublishResult> to = actual;
            if (to == null || stopped != 0) {
                actual = null;
                withdrawAll();
                return;
            }

            boolean all = done;
            long given = giveReady(to);
            if (given > 0) {
                Objects.requireNonNull(demand).give(given);
            }
            if (all && queue.isEmpty() && STOPPED.compareAndSet(this, 0, 1)) {
                actual = null;
                finish(to);
            }
        }

        private long giveReady(CoreSubscriber<? super PublishResult> to) {
            long given = 0;
            QueuedPublish head = queue.peek();
            while (head != null && head.isReady() && stopped == 0) {
                queue.poll();
                given++;
                give(to, head.result());
                head = queue.peek();
            }
            return given;
        }

        private void give(CoreSubscriber<? super PublishResult> to, PublishResult result) {
            try {
                to.onNext(result);
            } catch (Throwable fault) {
                cancel();
                mode.window().events().fault(fault);
                FatalErrors.handOn(fault);
            }
        }

        private void finish(CoreSubscriber<? super PublishResult> to) {
            if (error != null) {
                to.onError(error);
            } else {
                to.onComplete();
            }
        }

        /** Takes back what is not written; the rest is counted by the window when its answer comes. */
        private void withdrawAll() {
            for (QueuedPublish publish = queue.poll(); publish != null; publish = queue.poll()) {
                publish.withdraw();
            }
        }
    }

    /** Is the publish of one message among many, in the queue of their results. */
    static final class QueuedPublish extends PendingPublish {
        private final PublishAllSubscriber owner;
        private final Message given;

        QueuedPublish(PublishMode mode, Message encoded, Message given, PublishAllSubscriber owner) {
            super(mode, encoded, null);
            this.owner = owner;
            this.given = given;
        }

        /** Makes one that has ended already: its body has no bytes, and the window never hears of it. */
        static QueuedPublish unencodable(
                PublishMode mode, Message message, PublishAllSubscriber owner, MessagingException failed) {
            QueuedPublish ended = new QueuedPublish(mode, message, message, owner);
            ended.begin(0, mode.window().ids());
            ended.decide();
            ended.end(PublishException.unencodable(message, ended.id(), failed));
            return ended;
        }

        @Override
        void signal() {
            owner.wake();
        }

        @Override
        public ContextView context() {
            StageChain.Captured captured = owner.captured;
            return captured == null ? owner.currentContext() : captured.context();
        }

        @Override
        StageChain.@Nullable Captured captured() {
            return owner.captured;
        }

        @Override
        Object confirmation(long sequence, boolean duplicate) {
            return new PublishResult.Confirmed(given, id(), sequence, duplicate);
        }

        @Override
        boolean isSingle() {
            return false;
        }

        boolean isReady() {
            return outcome() != null;
        }

        PublishResult result() {
            if (outcome() instanceof PublishResult.Confirmed confirmed) {
                return confirmed;
            }
            if (outcome() instanceof PublishException error) {
                return new PublishResult.Failed(given, error);
            }
            throw new IllegalStateException("taken back");
        }
    }
}
