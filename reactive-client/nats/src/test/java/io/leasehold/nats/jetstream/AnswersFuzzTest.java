package io.leasehold.nats.jetstream;

import io.leasehold.nats.fuzz.Mutations;
import org.junit.jupiter.api.Test;

/** What is searched for at length with Jazzer, in short: seeds, their beginnings, and changes of them. */
class AnswersFuzzTest {
    @Test
    void answer() {
        Mutations.feed(new AnswerTarget());
    }

    @Test
    void ackSubject() {
        Mutations.feed(new AckSubjectTarget());
    }

    @Test
    void advisory() {
        Mutations.feed(new AdvisoryTarget());
    }
}
