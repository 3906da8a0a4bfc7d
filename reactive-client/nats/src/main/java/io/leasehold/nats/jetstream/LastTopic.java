package io.leasehold.nats.jetstream;

import io.leasehold.message.Topic;
import io.leasehold.nats.protocol.Subject;

/** Topics as subjects to publish to: mostly that of the publish before, which is not made anew. On any thread. */
final class LastTopic {
    private volatile Named last = new Named("none", Subject.of("none"));

    private record Named(String topic, Subject subject) {}

    Subject subjectOf(String topic) {
        Named known = last;
        if (!known.topic().equals(topic)) {
            known = new Named(topic, Subject.of(Topic.require(topic)));
            last = known;
        }
        return known.subject();
    }
}
