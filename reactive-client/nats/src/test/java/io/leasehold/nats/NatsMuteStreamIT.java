package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Retention;
import io.leasehold.nats.server.WithServers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream that confirms nothing is named: of publishes that end unknown nobody would guess the cause. */
@WithServers
class NatsMuteStreamIT {
    @RegisterExtension
    static final NatsRoom ROOM = new NatsRoom();

    private static List<MessagingEvent> differs(String stream) {
        return ROOM.told().events().stream()
                .filter(event -> event.kind() == Kind.BROKER_DIFFERS)
                .filter(event -> event.subject().equals(stream))
                .toList();
    }

    private static void assertNamed(String stream) {
        ROOM.await("it is told", () -> !differs(stream).isEmpty());
        assertThat(differs(stream)).hasSize(1);
        assertThat(differs(stream).get(0).what()).contains("no_ack");
        assertThat(differs(stream).get(0).remedy()).contains("no_ack");
    }

    @Test
    void whoOnlyPublishesToItIsToldOnceWhy() {
        ROOM.keep("mutepub", "\"storage\":\"memory\",\"no_ack\":true");
        Heard<PublishReceipt> one =
                ROOM.hear(ROOM.client().publish(Message.to("mutepub.x").body("a")));
        Heard<PublishReceipt> two =
                ROOM.hear(ROOM.client().publish(Message.to("mutepub.x").body("b")));

        assertNamed("mutepub");
        assertThat(one.values()).isEmpty();
        assertThat(two.values()).isEmpty();
    }

    @Test
    void whoDeclaresItIsToldAtOnce() {
        ROOM.keep("mutedecl", "\"storage\":\"memory\",\"no_ack\":true");
        ROOM.hear(ROOM.client().declare("mutedecl.>", Retention.defaults()));

        assertNamed("mutedecl");
    }
}
