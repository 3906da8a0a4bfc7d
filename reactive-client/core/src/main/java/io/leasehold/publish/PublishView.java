package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.pace.StageState;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** What a stage sees of a publish. Valid only during the call that it is given to. */
public interface PublishView extends StageState {
    /** The message as the user gave it, with the headers that stages have added. */
    Message message();

    /** The id that it goes out under. */
    MessageId id();

    /**
     * Has the message go out with this header, instead of all that it has of that name. Before its end only; its id
     * stays what it is.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_HEADER}
     */
    void header(String name, String value);

    /** The Reactor context of the subscriber, and what stages took into it: {@link PublishStage#capture}. */
    ContextView context();

    /** Why the publish failed; null before its end and when it did not. */
    @Nullable
    ErrorCode failure();

    /** The error that its subscriber gets; null before its end and when it did not fail. */
    @Nullable
    Throwable error();
}
