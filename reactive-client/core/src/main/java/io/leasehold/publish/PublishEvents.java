package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Apart;
import io.leasehold.event.CallerContext;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.message.MessageId;
import io.leasehold.pace.FatalErrors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the recorder what happens to publishes. The recorder finds nothing of a caller in its thread: whose turn it is
 * says nothing of whose publish it is.
 */
@SuppressWarnings("try") // a scope is there to be closed
final class PublishEvents {
    private final Recorder recorder;
    private final @Nullable Apart apart;

    PublishEvents(Recorder recorder, @Nullable Apart apart) {
        this.recorder = recorder;
        this.apart = apart;
    }

    void ended(String topic, PublishOutcome outcome, @Nullable ErrorCode failure, long nanos) {
        try (CallerContext.Scope scope = apart()) {
            if (outcome == PublishOutcome.TAKEN_BACK) {
                recorder.publishTakenBack(topic);
            } else {
                recorder.published(topic, failure, nanos);
            }
        }
    }

    /** Tells that a publish was refused where it was called. */
    void windowFull(String topic) {
        try (CallerContext.Scope scope = apart()) {
            recorder.published(topic, ErrorCode.WINDOW_FULL, 0);
        }
    }

    /** Tells that a body has no bytes. */
    void unencodable(String topic, MessagingException failed) {
        try (CallerContext.Scope scope = apart()) {
            recorder.published(topic, failed.code(), 0);
        }
        FatalErrors.handOn(failed.getCause() == null ? failed : failed.getCause());
    }

    /** Tells that a message will be written once more. */
    void repeated(String topic) {
        try (CallerContext.Scope scope = apart()) {
            recorder.publishRepeated(topic);
        }
    }

    /** Tells that the broker answered what had been decided. On any thread. */
    void lateAnswer(MessageId id) {
        try (CallerContext.Scope scope = apart()) {
            recorder.event(MessagingEvent.of(Kind.LATE_ANSWER, id.value(), null));
        }
    }

    void keyHalted(String key, @Nullable ErrorCode failure) {
        try (CallerContext.Scope scope = apart()) {
            recorder.event(MessagingEvent.of(Kind.KEY_HALTED, key, failure));
        }
    }

    void fault(Throwable fault) {
        try (CallerContext.Scope scope = apart()) {
            recorder.fault(fault);
        }
    }

    private CallerContext.Scope apart() {
        return apart == null ? CallerContext.Scope.UNCHANGED : apart.enter();
    }
}
