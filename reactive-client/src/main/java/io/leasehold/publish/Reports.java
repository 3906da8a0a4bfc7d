package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.signal.MessagingEvent;
import io.leasehold.signal.MessagingEvent.Kind;
import io.leasehold.signal.Recorder;

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

    void again(Publish publish) {
        recorder.publishRepeated(publish.message().topic());
    }

    void late(Publish publish) {
        recorder.event(MessagingEvent.of(Kind.LATE_ANSWER, publish.id().value(), null));
    }

    void halted(Publish publish) {
        String key = publish.message().key().orElse("");
        recorder.event(MessagingEvent.of(Kind.KEY_HALTED, key, publish.failure()));
    }

    void fault(Throwable fault) {
        recorder.fault(fault);
    }
}
