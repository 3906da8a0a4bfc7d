package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.signal.MessagingEvent;
import io.leasehold.signal.MessagingEvent.Kind;
import io.leasehold.signal.Recorder;
import org.jspecify.annotations.Nullable;

/** What publishing tells the recorder. */
final class Reports {
    private final Recorder recorder;

    Reports(Recorder recorder) {
        this.recorder = recorder;
    }

    void ended(Publish publish, PublishOutcome outcome, long now) {
        String topic = publish.message().topic();
        if (outcome == PublishOutcome.TAKEN_BACK) {
            recorder.publishTakenBack(topic);
        } else {
            recorder.published(topic, publish.failure(), now - publish.start);
        }
    }

    /** Refused where it was called. */
    void refused(Publish publish) {
        recorder.published(publish.message().topic(), ErrorCode.WINDOW_FULL, 0);
    }

    /** Its body has no bytes. */
    void unencodable(Message message, MessagingException failed) {
        recorder.published(message.topic(), failed.code(), 0);
    }

    void again(Publish publish) {
        recorder.publishRepeated(publish.message().topic());
    }

    void late(Publish publish) {
        recorder.event(MessagingEvent.of(Kind.LATE_ANSWER, publish.id().value(), null));
    }

    void halted(String key, @Nullable ErrorCode failure) {
        recorder.event(MessagingEvent.of(Kind.KEY_HALTED, key, failure));
    }

    void fault(Throwable fault) {
        recorder.fault(fault);
    }
}
