package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The publish of one subscriber to a single message. Whoever takes the subscriber away may signal to it, or not. */
final class PublishSubscription extends PendingPublish implements Subscription, Signal {
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<PublishSubscription, CoreSubscriber> CALLER =
            AtomicReferenceFieldUpdater.newUpdater(PublishSubscription.class, CoreSubscriber.class, "caller");

    private static final AtomicIntegerFieldUpdater<PublishSubscription> ADMITTED =
            AtomicIntegerFieldUpdater.newUpdater(PublishSubscription.class, "admitted");

    private static final int OUTSIDE = 0;
    private static final int INSIDE = 1;
    private static final int GONE = 2;

    private final @Nullable Captured captured;
    private volatile int admitted;
    private volatile @Nullable CoreSubscriber<? super PublishReceipt> caller;

    PublishSubscription(
            PublishMode mode, Message message, MessageId id, CoreSubscriber<? super PublishReceipt> caller) {
        super(mode, message, id);
        this.caller = caller;
        this.captured = mode.window().stages().capture(caller.currentContext());
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
        CoreSubscriber<? super PublishReceipt> taken = takeCaller();
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
            slots.told();
        } else if (caller == null) {
            leave();
        }
        return true;
    }

    private void leave() {
        if (ADMITTED.compareAndSet(this, INSIDE, GONE)) {
            mode.window().slots().told();
        }
    }

    private void refuse() {
        CoreSubscriber<? super PublishReceipt> taken = takeCaller();
        if (taken != null) {
            mode.window().refused(this);
            taken.onError(PublishException.of(this, ErrorCode.WINDOW_FULL, false));
        }
    }

    @Override
    public void cancel() {
        if (takeCaller() != null) {
            withdraw();
        }
    }

    @Override
    void signal() {
        if (caller != null) {
            mode.window().signals().add(this);
        }
    }

    @Override
    public Executor where() {
        return mode.where();
    }

    @Override
    public ContextView context() {
        if (captured != null) {
            return captured.context();
        }
        CoreSubscriber<? super PublishReceipt> present = caller;
        return present == null ? Context.empty() : present.currentContext();
    }

    @Override
    @Nullable
    Captured captured() {
        return captured;
    }

    @Override
    boolean isSingle() {
        return true;
    }

    @Override
    public void run() {
        CoreSubscriber<? super PublishReceipt> taken = takeCaller();
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
    private @Nullable CoreSubscriber<? super PublishReceipt> takeCaller() {
        CoreSubscriber<? super PublishReceipt> taken = CALLER.getAndSet(this, null);
        if (taken != null) {
            leave();
        }
        return taken;
    }
}
