package io.leasehold.spring.boot.listener;

import io.leasehold.MessageClient;
import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.springframework.context.ApplicationContext;
import reactor.test.StepVerifier;

/** Publishes to the listeners of a context, and sees how their runs end. */
final class Probe implements LeaseOutcomeObserver {
    static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

    @Override
    public void ended(String listener, Outcome outcome) {
        outcomes.add(outcome);
    }

    void forget() {
        outcomes.clear();
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    /** The outcomes, when there are so many. */
    List<Outcome> await(int count) {
        Awaitility.await().atMost(LIMIT).until(() -> outcomes.size() >= count);
        return List.copyOf(outcomes);
    }

    /** The outcomes of one message, when there are so many; those of other tests may come late. */
    List<Outcome> await(String id, int count) {
        Awaitility.await().atMost(LIMIT).until(() -> outcomesOf(id).size() >= count);
        return outcomesOf(id);
    }

    private List<Outcome> outcomesOf(String id) {
        return outcomes.stream()
                .filter(outcome -> outcome.id().value().equals(id))
                .toList();
    }

    static void publish(ApplicationContext context, Message message) {
        StepVerifier.create(context.getBean(MessageClient.class).publish(message))
                .expectNextMatches(PublishReceipt.class::isInstance)
                .expectComplete()
                .verify(LIMIT);
    }
}
