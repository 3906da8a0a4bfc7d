package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * What a redrive did with one message of a dead-letter topic.
 *
 * @param kind what became of it
 * @param letter the message as it was received; see {@link DeadLetter#of}
 * @param id the new id under which it was put back; null unless it was {@link Kind#MOVED}
 * @param code why it was not put back, or, of one that was, why its letter may come again in a later redrive; else null
 */
public record Redriven(
        Kind kind,
        Message letter,
        @Nullable MessageId id,
        @Nullable ErrorCode code) {

    /** What became of a letter. */
    public enum Kind {
        /** It was put back to its origin, confirmed, and will not be seen by a later redrive. */
        MOVED,
        /** It had been put back by this very redrive and was given up again: a later redrive sees it. */
        LEFT,
        /** It is no dead letter, or its origin does not take it: a later redrive sees it. */
        REFUSED
    }
}
