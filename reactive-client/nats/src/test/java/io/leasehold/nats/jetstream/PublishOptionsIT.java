package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.broker.contract.TestPublish;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.nats.NatsOptions;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.server.EachServer;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a publish may ask of a stream, and what servers that do not know it must not store. */
@EachServer
class PublishOptionsIT {
    private static final Duration T = Duration.ofSeconds(8);

    private final NatsServer server;
    private JetStreamRoom room;
    private int level;

    PublishOptionsIT(NatsServer server) {
        this.server = server;
    }

    @BeforeEach
    void open() {
        room = new JetStreamRoom(server.port(), server.url(), T, this::withFeatures);
        RawMessage info = room.ask("INFO", "");
        level = info.field("level").map(Integer::parseInt).orElse(0);
        room = reopened(room);
    }

    private JetStreamRoom reopened(JetStreamRoom before) {
        before.close();
        return new JetStreamRoom(server.port(), server.url(), T, this::withFeatures);
    }

    private NatsSettings withFeatures(NatsSettings settings) {
        return level < 2
                ? settings
                : settings.with(StreamSettings.builder()
                        .features(Set.of(StreamSettings.Feature.MESSAGE_TTL, StreamSettings.Feature.SCHEDULES))
                        .build());
    }

    @AfterEach
    void close() {
        room.close();
    }

    private TestPublish publish(Message message) {
        TestPublish publish = room.bench().publish(message);
        room.bench().until("an answer", publish::isOver);
        return publish;
    }

    private void expect(Message message, boolean stored) {
        TestPublish publish = publish(message);
        assertThat(publish.isConfirmed()).isEqualTo(stored);
        if (!stored) {
            assertThat(publish.failure()).isEqualTo(ErrorCode.NOT_AS_EXPECTED);
        }
    }

    private Message message(String body) {
        return room.bench().message("t", body);
    }

    @Test
    void onlyWhatTheStreamIsExpectedToBeIsStored() {
        room.bench().declare("t");
        Message first = message("1");

        expect(NatsOptions.expectLastSequence(first, 0), true);
        expect(NatsOptions.expectLastSequence(message("again"), 0), false);
        expect(NatsOptions.expectLastSubjectSequence(message("2"), 1), true);
        expect(NatsOptions.expectLastSubjectSequence(message("again"), 1), false);
        expect(NatsOptions.expectLastId(message("again"), MessageId.of("other")), false);
        expect(NatsOptions.expectStream(message("again"), "other"), false);
    }

    @Test
    @Scenario(20)
    void aTimeToLiveIsKeptOrRefusedButNotIgnored() {
        room.bench().declare("t");
        TestPublish publish = publish(NatsOptions.timeToLive(message("short"), Duration.ofSeconds(1)));
        if (level < 1) {
            assertThat(publish.failure()).isEqualTo(ErrorCode.UNSUPPORTED);
            return;
        }
        assertThat(publish.isConfirmed()).isTrue();
        String stream =
                room.bench().topic("t").substring(0, room.bench().topic("t").indexOf('.'));
        room.bench()
                .until(
                        "it is gone",
                        () -> room.ask("STREAM.INFO." + stream, "")
                                .field("messages")
                                .orElseThrow()
                                .equals("0"));
    }

    @Test
    void whatIsToComeLaterComesLaterOrIsRefused() {
        room.bench().declare("t");
        Message message = message("later");
        Instant at =
                Instant.now().truncatedTo(ChronoUnit.SECONDS).plusMillis(2_900).plusNanos(1);
        TestConsumer member = room.bench().consume("t").credit(1);
        TestPublish publish =
                publish(NatsOptions.publishAt(message, at, room.bench().topic("waiting")));
        if (level < 2) {
            assertThat(publish.failure()).isEqualTo(ErrorCode.UNSUPPORTED);
            return;
        }
        assertThat(publish.isConfirmed()).isTrue();
        room.bench().until("it comes", () -> member.count() == 1);
        assertThat(Instant.now()).isBetween(at, at.plusSeconds(5));
        assertThat(member.last().message().text()).isEqualTo("later");
        room.bench().until("it is acked", member.ack(member.last())::isOver);
    }

    @Test
    void aHeaderOfTheServersIsRefused() {
        room.bench().declare("t");
        assertThat(publish(message("x").header("Nats-Rollup", "all")).failure()).isEqualTo(ErrorCode.BAD_HEADER);
    }
}
