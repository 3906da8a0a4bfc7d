package io.leasehold.consume;

import io.leasehold.message.Message;

/** What a {@link ConsumeStage} sees of a run. Valid during the call only. */
public interface ConsumeView {
    /** The group. */
    String group();

    /** The message. */
    Message message();

    /** How often it was handed out. */
    int deliveryCount();

    /** The stage's own state of this run; 0 at first. */
    long state();

    /** Keeps the stage's own state of this run. */
    void state(long next);
}
