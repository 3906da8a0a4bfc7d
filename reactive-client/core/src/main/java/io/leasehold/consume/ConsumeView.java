package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.pace.StageState;
import org.jspecify.annotations.Nullable;

/** What a {@link ConsumeStage} sees of a run. Valid during the call only. */
public interface ConsumeView extends StageState {
    /** The group. */
    String group();

    /** The topic filter of the consumer. */
    String filter();

    /** The message. */
    Message message();

    /** How often it was handed out. */
    int deliveryCount();

    /** The cause of the end, when the run did not simply complete; null before its end. */
    @Nullable
    ErrorCode failure();

    /** The error of the handler, when it had one; null before its end. */
    @Nullable
    Throwable error();
}
