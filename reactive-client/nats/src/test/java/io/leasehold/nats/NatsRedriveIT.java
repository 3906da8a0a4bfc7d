package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.consume.DeadLetter;
import io.leasehold.consume.Outcome;
import io.leasehold.consume.Redriven;
import io.leasehold.message.Message;
import io.leasehold.nats.server.WithServers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Dead letters go back to their origin, where what fails again waits for the next redrive. */
@WithServers
class NatsRedriveIT {
    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    @Test
    void lettersAreMovedOnceUnderNewIdsAndWhatFailsAgainIsLeft() {
        String graves = "dead" + ROOM.stream();
        ROOM.keep(graves);
        AtomicBoolean mended = new AtomicBoolean();
        List<Message> seen = new CopyOnWriteArrayList<>();
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer()
                .maxDeliveries(1)
                .deadLetterTo(graves + ".letters")
                .handle(delivery -> {
                    seen.add(delivery.message());
                    boolean good = mended.get() || delivery.body().equals("2") && seen.size() > 3;
                    return good ? Mono.empty() : Mono.error(new IllegalStateException("not yet"));
                }));
        ROOM.publish("1", "2", "3");
        ROOM.await("three letters", () -> outcomes.values().size() == 3);

        Heard<Redriven> first = ROOM.hear(ROOM.client().redrive(graves + ".>", 100, 1_000));
        ROOM.await("the first redrive", first::hasCompleted);
        assertThat(first.values())
                .filteredOn(one -> one.kind() == Redriven.Kind.MOVED)
                .hasSize(3);
        assertThat(first.values())
                .filteredOn(one -> one.kind() == Redriven.Kind.LEFT)
                .hasSize(2);

        mended.set(true);
        Heard<Redriven> second = ROOM.hear(ROOM.client().redrive(graves + ".>", 100, 1_000));
        ROOM.await("the second redrive", second::hasCompleted);
        assertThat(second.values())
                .extracting(Redriven::kind)
                .containsExactly(Redriven.Kind.MOVED, Redriven.Kind.MOVED);
        ROOM.await("all are done", () -> outcomes.values().size() == 8);
        assertThat(NatsRoom.kinds(outcomes))
                .filteredOn(kind -> kind == Outcome.Kind.ACKED)
                .hasSize(3);
        assertThat(seen).extracting(message -> message.id().orElseThrow()).doesNotHaveDuplicates();
        assertThat(DeadLetter.of(second.values().get(0).letter()).orElseThrow().redrives())
                .isEqualTo(1);
    }
}
