package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/**
 * Without tokens nothing in a delivery says in which life of its group it was made. A group that was deleted begins
 * anew: its messages may have the names of those before, and none of their failures.
 */
class DeletedGroupTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @RegisterExtension
    final Room room = Room.fenced();

    private final HandFedBroker broker = HandFedBroker.withoutTokens();
    private MessageClient client;

    @BeforeEach
    void aClientIsThere() {
        client = room.client("fed", builder -> builder.broker(broker));
    }

    private Heard<Outcome> fail() {
        Heard<Outcome> outcomes = room.hear(Room.consumer(client)
                .maxDeliveries(2)
                .redelivery(Backoff.fixed(SOON))
                .deadLetterTo("dead.quakes")
                .handle(delivery -> Mono.error(new IllegalStateException("no"))));
        room.pass(SOON);
        return outcomes;
    }

    private void deleteAndMakeAnew() {
        broker.sink().deleted(new MessagingException(ErrorCode.GROUP_GONE, "deleted", "assessors", "none"));
        room.pass(Duration.ofMinutes(1));
    }

    @Test
    void failuresBeforeTheGroupWasDeletedDoNotCount() {
        Heard<Outcome> outcomes = fail();
        broker.feed("m", 1);
        room.pass(SOON);

        deleteAndMakeAnew();
        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.NAKED);
    }

    @Test
    void aFailureThatEndsAfterTheGroupWasDeletedDoesNotCount() {
        Heard<Outcome> outcomes = fail();
        broker.fallSilent();
        broker.feed("m", 1);
        room.pass(SOON);

        deleteAndMakeAnew();
        broker.speakAgain();
        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.UNKNOWN, Outcome.Kind.NAKED);
    }

    @Test
    void aLetterThatFailsAfterTheGroupWasDeletedIsNotOwedForAnotherMessage() {
        broker.refusesPublishes(ErrorCode.UNKNOWN);
        Heard<Outcome> outcomes = fail();
        broker.feed("m", 2);
        room.pass(SOON);

        deleteAndMakeAnew();
        broker.refusesPublishes(null);
        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.LOST, Outcome.Kind.NAKED);
    }

    @Test
    void whatTheClientItselfDeletesIsForgotten() {
        Heard<Outcome> before = fail();
        broker.feed("m", 1);
        room.pass(SOON);
        before.cancel();
        room.pass(SOON);

        room.hear(client.deleteGroup("quakes.>", "assessors"));
        room.pass(SOON);
        Heard<Outcome> outcomes = fail();
        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED);
    }

    /** One who errs in the filter deletes nothing. */
    @Test
    void whatTheClientDidNotDeleteIsRemembered() {
        Heard<Outcome> outcomes = fail();
        broker.feed("m", 1);
        room.pass(SOON);

        Heard<Boolean> deleted = room.hear(client.deleteGroup("quake.>", "assessors"));
        room.pass(SOON);
        broker.feed("m", 1);
        room.pass(SOON);

        assertThat(deleted.values()).containsExactly(false);
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.DEAD_LETTERED);
    }
}
