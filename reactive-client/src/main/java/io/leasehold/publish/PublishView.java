package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import org.jspecify.annotations.Nullable;

/** What a stage sees of a publish. Valid only during the call that it is given to. */
public interface PublishView {
    /** The message as the user gave it. */
    Message message();

    /** The id that it goes out under. */
    MessageId id();

    /** What the stage that is asked keeps for this message; 0 at first. */
    long state();

    /** Has the stage that is asked keep something for this message. */
    void state(long newState);

    /** Why the publish failed; null before its end and when it did not. */
    @Nullable
    ErrorCode failure();
}
