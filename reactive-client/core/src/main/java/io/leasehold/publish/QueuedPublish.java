package io.leasehold.publish;

import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** The publish of one message among many. */
final class QueuedPublish extends PendingPublish {
    private final PublishAllSubscriber owner;

    QueuedPublish(PublishMode mode, Message message, PublishAllSubscriber owner) {
        super(mode, message, null);
        this.owner = owner;
    }

    /** One that has ended already: its body has no bytes, and the window never hears of it. */
    static QueuedPublish unencodable(
            PublishMode mode, Message message, PublishAllSubscriber owner, MessagingException failed) {
        QueuedPublish ended = new QueuedPublish(mode, message, owner);
        ended.begin(0, mode.window().ids());
        ended.decide();
        ended.outcome(PublishException.unencodable(message, ended.id(), failed));
        return ended;
    }

    @Override
    void signal() {
        owner.wake();
    }

    @Override
    public ContextView context() {
        Captured captured = owner.captured();
        return captured == null ? owner.currentContext() : captured.context();
    }

    @Override
    @Nullable
    Captured captured() {
        return owner.captured();
    }

    @Override
    boolean isSingle() {
        return false;
    }

    /** Whether it has ended. */
    boolean isReady() {
        return outcome() != null;
    }

    PublishResult result() {
        if (outcome() instanceof PublishReceipt receipt) {
            return new PublishResult.Confirmed(receipt);
        }
        if (outcome() instanceof PublishException error) {
            return new PublishResult.Failed(error);
        }
        throw new IllegalStateException("taken back");
    }
}
