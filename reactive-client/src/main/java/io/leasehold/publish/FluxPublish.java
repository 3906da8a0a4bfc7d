package io.leasehold.publish;

import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import reactor.util.context.ContextView;

/** The publish of one message among many. */
final class FluxPublish extends Publish {
    private final PublishAll owner;

    FluxPublish(PublishMode mode, Message message, PublishAll owner) {
        super(mode, message, null);
        this.owner = owner;
    }

    @Override
    void signal() {
        owner.wake();
    }

    @Override
    public ContextView context() {
        return owner.currentContext();
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
