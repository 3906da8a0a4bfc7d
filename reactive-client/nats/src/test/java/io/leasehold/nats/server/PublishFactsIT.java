package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How publishes are answered, and what servers say about configurations they do not know. */
@EachServer
class PublishFactsIT {
    private RawNats nats;

    @BeforeEach
    void connect(NatsServer server) {
        nats = RawNats.connect(server.port());
    }

    @AfterEach
    void disconnect() {
        nats.close();
    }

    private RawMessage publish(String subject, String headers) {
        return nats.answer(subject, headers, "body", RawNats.LIMIT).orElseThrow();
    }

    @Test
    void aSecondPublishWithTheSameIdIsAnsweredWithTheFirstSequence() {
        RawGroup group = RawGroup.create(nats, Duration.ofMinutes(1));
        RawMessage first = publish(group.subject(), "Nats-Msg-Id: id-1\r\n");

        assertThat(first.field("stream")).contains(group.stream());
        assertThat(first.field("seq")).contains("1");
        assertThat(first.field("duplicate")).isEmpty();
        RawMessage second = publish(group.subject(), "Nats-Msg-Id: id-1\r\n");

        assertThat(second.field("seq")).contains("1");
        assertThat(second.field("duplicate")).contains("true");
        assertThat(publish(group.subject(), "Nats-Msg-Id: id-2\r\n").field("seq"))
                .contains("2");
    }

    @Test
    void aSubjectWithoutAStreamHasNoResponder() {
        RawMessage none = nats.request("nobody.listens", "body");
        assertThat(none.status()).isEqualTo("503");
        assertThat(none.body()).isEmpty();
    }

    @Test
    void anUnexpectedSequenceIsRefusedByCode() {
        RawGroup group = RawGroup.create(nats, Duration.ofMinutes(1));
        RawMessage refused = publish(group.subject(), "Nats-Expected-Last-Sequence: 7\r\n");

        assertThat(refused.field("err_code")).contains("10071");
        assertThat(publish(group.subject(), "Nats-Expected-Stream: other\r\n").field("err_code"))
                .contains("10060");
    }

    @Test
    void unknownKeysAreDroppedByOldServersAndRefusedByNewOnes(ServerBinary binary) {
        String stream = "K" + RawNats.inbox().substring("_INBOX.".length());
        String config = "{\"name\":\"%s\",\"storage\":\"memory\",\"unheard_of\":true}".formatted(stream);
        RawMessage answer = nats.request("$JS.API.STREAM.CREATE." + stream, config);
        if (binary.isAtLeast("2.12.0")) {
            assertThat(answer.field("err_code")).contains("10025");
        } else {
            assertThat(answer.body()).doesNotContain("error", "unheard_of");
        }
    }

    @Test
    void whatIsTooLargeEndsTheConnection() {
        nats.send("PUB large 2000000\r\n");
        Threads.await("the end", RawNats.LIMIT, nats::hasEnded);
        assertThat(nats.errors()).containsExactly("'Maximum Payload Violation'");
    }

    @Test
    void badSubjectsAreNotRefusedByServers() {
        nats.publish("a..b", "body");
        nats.publish("a.*", "body");
        nats.flush();
        assertThat(nats.errors()).isEmpty();
    }

    @Test
    void theApiLevelTellsWhatAServerCan(ServerBinary binary) {
        String level = nats.request("$JS.API.INFO", "").field("level").orElse("0");
        assertThat(Integer.parseInt(level))
                .isEqualTo(
                        binary.isAtLeast("2.11.0")
                                ? Math.min(5, binary.version().minor() - 10)
                                : 0);
    }
}
