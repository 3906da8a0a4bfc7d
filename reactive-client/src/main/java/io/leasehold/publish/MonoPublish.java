package io.leasehold.publish;

import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The publish of one subscriber to a single message. Whoever takes the subscriber away may signal to it, or not. */
final class MonoPublish extends Publish implements Subscription, Signal {
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<MonoPublish, CoreSubscriber> CALLER =
            AtomicReferenceFieldUpdater.newUpdater(MonoPublish.class, CoreSubscriber.class, "caller");

    private volatile @Nullable CoreSubscriber<? super PublishReceipt> caller;

    MonoPublish(PublishMode mode, Message message, MessageId id, CoreSubscriber<? super PublishReceipt> caller) {
        super(mode, message, id);
        this.caller = caller;
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            post();
            return;
        }
        CoreSubscriber<? super PublishReceipt> taken = takeCaller();
        if (taken != null) {
            withdraw();
            taken.onError(Demand.bad(n));
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
        CoreSubscriber<? super PublishReceipt> present = caller;
        return present == null ? Context.empty() : present.currentContext();
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
        return CALLER.getAndSet(this, null);
    }
}
