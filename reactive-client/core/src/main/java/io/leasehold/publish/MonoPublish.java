package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.FatalErrors;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Publishes one message per subscription, always under the same id. */
final class MonoPublish extends Mono<PublishReceipt> {
    private final PublishMode mode;
    private final Message message;
    private final MessageId id;

    MonoPublish(PublishMode mode, Message message) {
        this.mode = mode;
        this.message = message;
        this.id = message.id().orElseGet(mode.window().ids()::next);
    }

    @Override
    public void subscribe(CoreSubscriber<? super PublishReceipt> actual) {
        PublishWindow window = mode.window();
        Message encoded;
        try {
            encoded = window.codecs().encoded(message);
        } catch (MessagingException failed) {
            window.events().unencodable(message.topic(), failed);
            Operators.error(actual, PublishException.unencodable(message, id, failed));
            return;
        }

        PublishSubscription subscription;
        try {
            subscription = new PublishSubscription(mode, encoded, id, actual);
        } catch (Throwable broken) {
            Operators.error(actual, Exceptions.unwrap(broken));
            FatalErrors.handOn(broken);
            return;
        }

        actual.onSubscribe(subscription);
    }

    /**
     * Is the publish of one subscriber. {@link #takeSubscriber()} hands the subscriber to exactly one thread, which
     * alone may signal to it.
     */
    static final class PublishSubscription extends PendingPublish implements Subscription, SignalQueue.Signal {
        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<PublishSubscription, CoreSubscriber> ACTUAL =
                AtomicReferenceFieldUpdater.newUpdater(PublishSubscription.class, CoreSubscriber.class, "actual");

        private static final AtomicIntegerFieldUpdater<PublishSubscription> ADMITTED =
                AtomicIntegerFieldUpdater.newUpdater(PublishSubscription.class, "admitted");

        private static final int OUTSIDE = 0;
        private static final int INSIDE = 1;
        private static final int GONE = 2;

        private final StageChain.@Nullable Captured captured;
        private volatile int admitted;
        private volatile @Nullable CoreSubscriber<? super PublishReceipt> actual;

        PublishSubscription(
                PublishMode mode, Message message, MessageId id, CoreSubscriber<? super PublishReceipt> actual) {
            super(mode, message, id);
            this.actual = actual;
            this.captured = mode.window().stages().capture(actual.currentContext());
        }

        @Override
        public void request(long n) {
            if (n > 0) {
                if (isAdmitted()) {
                    post();
                } else {
                    refuse();
                }
                return;
            }

            CoreSubscriber<? super PublishReceipt> taken = takeSubscriber();
            if (taken != null) {
                withdraw();
                taken.onError(Demand.bad(n));
            }
        }

        private boolean isAdmitted() {
            if (admitted != OUTSIDE) {
                return true;
            }

            Slots slots = mode.window().slots();
            if (!slots.tryAdmit()) {
                return false;
            }
            if (!ADMITTED.compareAndSet(this, OUTSIDE, INSIDE)) {
                slots.signalled();
            } else if (actual == null) {
                leave();
            }
            return true;
        }

        private void leave() {
            if (ADMITTED.compareAndSet(this, INSIDE, GONE)) {
                mode.window().slots().signalled();
            }
        }

        private void refuse() {
            CoreSubscriber<? super PublishReceipt> taken = takeSubscriber();
            if (taken != null) {
                mode.window().refused(this);
                taken.onError(PublishException.of(message(), id(), ErrorCode.WINDOW_FULL, false));
            }
        }

        @Override
        public void cancel() {
            if (takeSubscriber() != null) {
                withdraw();
            }
        }

        @Override
        void signal() {
            if (actual != null) {
                mode.window().signals().add(this);
            }
        }

        @Override
        public Executor executor() {
            return mode.executor();
        }

        @Override
        public ContextView context() {
            if (captured != null) {
                return captured.context();
            }
            CoreSubscriber<? super PublishReceipt> present = actual;
            return present == null ? Context.empty() : present.currentContext();
        }

        @Override
        StageChain.@Nullable Captured captured() {
            return captured;
        }

        @Override
        Object confirmation(long sequence, boolean duplicate) {
            return new PublishReceipt(id(), message().topic(), sequence, duplicate);
        }

        @Override
        boolean isSingle() {
            return true;
        }

        /** Tells the subscriber the end. */
        @Override
        public void run() {
            CoreSubscriber<? super PublishReceipt> taken = takeSubscriber();
            if (taken == null) {
                return;
            }

            if (outcome() instanceof PublishReceipt receipt) {
                taken.onNext(receipt);
                taken.onComplete();
            } else if (outcome() instanceof PublishException error) {
                taken.onError(error);
            }
        }

        @SuppressWarnings("unchecked")
        private @Nullable CoreSubscriber<? super PublishReceipt> takeSubscriber() {
            CoreSubscriber<? super PublishReceipt> taken = ACTUAL.getAndSet(this, null);
            if (taken != null) {
                leave();
            }
            return taken;
        }
    }
}
