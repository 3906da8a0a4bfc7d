package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.DecoderLimits;
import io.leasehold.nats.protocol.FrameDecoder;
import io.leasehold.nats.protocol.FrameSink;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.wire.RoundTrip;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests find their answers by slot and number, and end in exactly one way. */
class RequestTableTest {
    private static final int LIMIT = 200;

    private final TestLoop loop = new TestLoop();
    private final RequestTable table =
            new RequestTable(LIMIT, new Inboxes("_INBOX").answers(), loop.loop, new RoundTrip());

    @AfterEach
    void leave() {
        loop.close();
    }

    private NotedRequest open(String subject, long limitNanos) {
        NotedRequest request = new NotedRequest(subject, limitNanos);
        request.reply = new String(table.open(request, loop.loop.nanos()), StandardCharsets.US_ASCII);
        return request;
    }

    private NotedRequest open() {
        return open("q", TimeUnit.SECONDS.toNanos(1));
    }

    private boolean answer(String reply, String body) {
        return answerWith("MSG " + reply + " 1 " + body.length() + "\r\n" + body + "\r\n");
    }

    private boolean answerWith(String text) {
        boolean[] taken = {false};
        FrameSink sink = new FrameSink() {
            @Override
            public void info(byte[] json) {}

            @Override
            public void message(MessageFrame frame) {
                taken[0] = table.answer(frame);
            }

            @Override
            public void ping() {}

            @Override
            public void pong() {}

            @Override
            public void error(String complaint) {}
        };
        new FrameDecoder(DecoderLimits.defaults(), sink)
                .decode(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII)));
        return taken[0];
    }

    @Test
    void anAnswerIsTakenOnce() {
        NotedRequest request = open();

        assertThat(answer(request.reply, "a")).isTrue();
        assertThat(answer(request.reply, "b")).isFalse();
        assertThat(request.ends).containsExactly("a");
        assertThat(table.late()).isEqualTo(1);
        assertThat(table.size()).isZero();
    }

    @Test
    @Scenario(3)
    void aSlotIsUsedAgainAndANumberIsNot() {
        NotedRequest first = open();
        table.close(first);
        NotedRequest second = open();

        assertThat(second.reply).isNotEqualTo(first.reply);
        assertThat(second.reply.substring(0, second.reply.length() - 11))
                .isEqualTo(first.reply.substring(0, first.reply.length() - 11));
        assertThat(answer(first.reply, "late")).isFalse();
        assertThat(answer(second.reply, "a")).isTrue();
        assertThat(first.ends).isEmpty();
    }

    @Test
    @Scenario(19)
    void nobodyThereIsAFailureOfItsOwn() {
        NotedRequest request = open();
        assertThat(answerWith("HMSG " + request.reply + " 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n"))
                .isTrue();
        assertThat(request.ends).containsExactly("failed NO_RESPONDERS");
    }

    @Test
    void otherStatusesAreAnswers() {
        NotedRequest request = open();
        assertThat(answerWith("HMSG " + request.reply + " 1 16 16\r\nNATS/1.0 404\r\n\r\n\r\n"))
                .isTrue();
        assertThat(request.ends).containsExactly("");
    }

    @Test
    void noMoreAreTakenThanAllowed() {
        List<NotedRequest> all = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            assertThat(table.problem(false)).isNull();
            all.add(open());
        }
        assertThat(table.problem(false)).extracting(MessagingException::code).isEqualTo(ErrorCode.CONNECTION_FULL);
        answer(all.get(7).reply, "a");

        assertThat(table.problem(false)).isNull();
    }

    @Test
    void theOneWrittenFirstIsDenied() {
        NotedRequest forgotten = open("a", 1_000);
        NotedRequest first = open("b", 1_000);

        table.close(forgotten);
        NotedRequest second = open("b", 1_000);
        MessagingException why =
                ServerError.of("Permissions Violation for Publish to \"b\"").toException("s");

        assertThat(table.deny("b", why)).isTrue();
        assertThat(first.ends).containsExactly("failed NOT_PERMITTED");
        assertThat(second.ends).isEmpty();
        assertThat(table.deny("b", why)).isTrue();
        assertThat(table.deny("b", why)).isFalse();
        assertThat(second.ends).containsExactly("failed NOT_PERMITTED");
    }

    @Test
    void aFaultOfOneKeepsNoOtherFromItsEnd() {
        NotedRequest faulty = new NotedRequest("q", 1_000) {
            @Override
            protected void failed(MessagingException why) {
                throw new IllegalStateException("a fault of a user");
            }
        };
        table.open(faulty, loop.loop.nanos());
        NotedRequest last = open();
        table.endAll(ServerError.of("x").toException("s"));

        assertThat(last.ends).containsExactly("failed DISCONNECTED");
        assertThat(loop.heard.faults()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void deadlinesAreKeptWhateverComesBetween(long seed) {
        Random random = new Random(seed);
        List<NotedRequest> waiting = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (waiting.size() < LIMIT && random.nextInt(3) > 0) {
                waiting.add(open("q", TimeUnit.MILLISECONDS.toNanos(random.nextInt(20_000))));
            } else if (!waiting.isEmpty() && random.nextBoolean()) {
                answer(waiting.get(random.nextInt(waiting.size())).reply, "a");
            }
            loop.time.advanceTimeBy(Duration.ofMillis(random.nextInt(100)));
            long now = loop.loop.nanos();
            table.expire(now, position -> 0);
            for (NotedRequest each : waiting) {
                boolean failed = each.ends.contains("failed UNKNOWN");
                assertThat(each.ends).as("seed %d, step %d", seed, step).hasSizeLessThanOrEqualTo(1);
                assertThat(failed && now - each.deadline < 0)
                        .as("too early, seed %d", seed)
                        .isFalse();
                boolean overdue = now - each.deadline > RequestWheel.TICK_NANOS;
                assertThat(overdue && each.ends.isEmpty())
                        .as("too late, seed %d", seed)
                        .isFalse();
            }
            waiting.removeIf(each -> !each.ends.isEmpty());
            assertThat(table.size()).isEqualTo(waiting.size());
        }
    }
}
