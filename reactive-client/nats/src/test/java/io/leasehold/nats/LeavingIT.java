package io.leasehold.nats;

import io.leasehold.Heard;
import io.leasehold.consume.Outcome;
import io.leasehold.nats.server.WithServers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Of a subscription that has ended nothing stays behind, at the server or with us. */
@WithServers
class LeavingIT {
    private static final int CYCLES = 8;
    private static final Pattern SUBSCRIPTIONS = Pattern.compile("\"subscriptions\": (\\d+)");

    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    /** How many subscriptions there are when nobody is connected but the client and the room itself. */
    private static int subscriptionsOfAClient() {
        ROOM.await(
                "those of before have gone",
                () -> ROOM.server().monitor("/connz").contains("\"num_connections\": 2"));
        return subscriptions();
    }

    /** How many subscriptions all connections have. */
    private static int subscriptions() {
        String connections = "";
        while (connections.isEmpty()) {
            connections = ROOM.server().monitor("/connz");
        }
        Matcher each = SUBSCRIPTIONS.matcher(connections);
        int sum = 0;
        while (each.find()) {
            sum += Integer.parseInt(each.group(1));
        }
        return sum;
    }

    @Test
    void asManySubscriptionsAsBeforeAreLeftAfterManyThatHeldNothing() {
        ROOM.publish("m");
        int before = subscriptionsOfAClient();
        Heard<Outcome> first = ROOM.hear(ROOM.consumer().handle(delivery -> Mono.empty()));
        ROOM.await("it is consumed", () -> first.values().size() == 1);
        first.dispose();
        ROOM.await("the lease is over", () -> subscriptions() == before);
        for (int i = 0; i < CYCLES; i++) {
            Heard<Outcome> another = ROOM.hear(ROOM.consumer().handle(delivery -> Mono.empty()));
            ROOM.await("it listens", () -> subscriptions() > before);
            another.dispose();
            ROOM.await("it is gone", () -> subscriptions() == before);
        }
    }

    @Test
    void aSubscriptionThatIsCancelledBeforeItsConsumerIsThereLeavesNothing() {
        ROOM.publish("m");
        int before = subscriptionsOfAClient();
        for (int i = 0; i < CYCLES; i++) {
            ROOM.hear(ROOM.client()
                            .consumer(ROOM.stream() + "none.>", "nobody", String.class)
                            .handle(delivery -> Mono.empty()))
                    .dispose();
        }
        ROOM.publish("another");
        ROOM.await("nothing is left", () -> subscriptions() == before);
    }

    @Test
    void aRedeliveryThatIsSettledIsNotListenedToAnyMore() {
        Heard<Outcome> outcomes = ROOM.hear(ROOM.consumer()
                .handle(delivery -> delivery.deliveryCount() == 1
                        ? Mono.error(new IllegalStateException("not now"))
                        : Mono.empty()));
        ROOM.publish("a", "b", "c", "d");
        ROOM.await("all are done", () -> outcomes.values().size() == 8);
        ROOM.await("none is listened to", () -> !isWatched());
    }

    private static boolean isWatched() {
        return ROOM.server()
                .monitor("/connz?subs=1")
                .lines()
                .anyMatch(line -> line.contains("$JS.ACK." + ROOM.stream()) && line.contains(".*."));
    }
}
