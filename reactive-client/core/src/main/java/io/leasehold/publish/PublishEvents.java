package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.pace.FatalErrors;
import io.leasehold.signal.Apart;
import io.leasehold.signal.CallerContext;
import io.leasehold.signal.MessagingEvent;
import io.leasehold.signal.MessagingEvent.Kind;
import io.leasehold.signal.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * What publishing tells the recorder, which finds nothing of a caller in its thread: whose turn it is says nothing of
 * whose publish it is.
 */
@SuppressWarnings("try") // a scope is there to be closed
final class PublishEvents {
    private final Recorder recorder;
    private final @Nullable Apart apart;

    PublishEvents(Recorder recorder, @Nullable Apart apart) {
        this.recorder = recorder;
        this.apart = apart;
    }

    void ended(PendingPublish publish, PublishOutcome outcome, long now) {
        String topic = publish.message().topic();
        try (CallerContext.Scope scope = apart()) {
            if (outcome == PublishOutcome.TAKEN_BACK) {
                recorder.publishTakenBack(topic);
            } else {
                recorder.published(topic, publish.failure(), now - publish.start);
            }
        }
    }

    /** Refused where it was called. */
    void refused(PendingPublish publish) {
        try (CallerContext.Scope scope = apart()) {
            recorder.published(publish.message().topic(), ErrorCode.WINDOW_FULL, 0);
        }
    }

    /** Its body has no bytes. */
    void unencodable(Message message, MessagingException failed) {
        try (CallerContext.Scope scope = apart()) {
            recorder.published(message.topic(), failed.code(), 0);
        }
        FatalErrors.handOn(failed.getCause() == null ? failed : failed.getCause());
    }

    void again(PendingPublish publish) {
        try (CallerContext.Scope scope = apart()) {
            recorder.publishRepeated(publish.message().topic());
        }
    }

    void late(PendingPublish publish) {
        try (CallerContext.Scope scope = apart()) {
            recorder.event(MessagingEvent.of(Kind.LATE_ANSWER, publish.id().value(), null));
        }
    }

    void halted(String key, @Nullable ErrorCode failure) {
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
