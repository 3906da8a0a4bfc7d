package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.pace.StageState;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** Shows a stage one publish. Valid only during the call that the view is given to. */
public interface PublishView extends StageState {
    /** Returns the message as the user gave it, with the headers that stages have added. */
    Message message();

    /** Returns the id that the message goes out under. */
    MessageId id();

    /**
     * Has the message go out with this header, instead of all that it has of that name. Before the end of the publish
     * only; the id of the message stays what it is.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_HEADER}
     */
    void header(String name, String value);

    /** Returns the Reactor context of the subscriber, with what stages took into it: {@link PublishStage#capture}. */
    ContextView context();

    /** Returns why the publish failed; null before its end and when it did not fail. */
    @Nullable
    ErrorCode failure();

    /** Returns the error that the subscriber gets; null before the end and when the publish did not fail. */
    @Nullable
    Throwable error();
}
