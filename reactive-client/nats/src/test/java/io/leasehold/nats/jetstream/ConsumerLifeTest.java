package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.nats.protocol.TestFrames;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** When what is told of a consumer is told of another one of the same name. */
class ConsumerLifeTest {
    private static final String MARK = "leasehold life 1767225600000000000";
    private static final String ANOTHER_MARK = "leasehold life 1767225660000000000";
    private static final long KNOWN = 1_000;

    // Of 2026-01-01, in the first hour of the day.
    private static ConsumerLife told(String created, String answered, String description, long delivered) {
        String json =
                "{\"stream_name\":\"S\",\"name\":\"G\",\"created\":\"2026-01-01T00:%sZ\",\"ts\":\"2026-01-01T00:%sZ\","
                        + "\"config\":{\"description\":\"%s\"},\"delivered\":{\"consumer_seq\":%d}}";
        String body = json.formatted(created, answered, description, delivered);
        return ConsumerLife.of(ApiResponse.of(TestFrames.withBody(body.getBytes(StandardCharsets.UTF_8))));
    }

    private static boolean isLater(ConsumerLife told, ConsumerLife earlier) {
        return told.isLaterLifeOf(earlier, KNOWN);
    }

    @Test
    void aServerWhoseReplicaIsYoungerTellsOfTheSameLifeWithAndWithoutAMark() {
        assertThat(isLater(told("00:30", "11:00", MARK, 990), told("00:00", "10:00", MARK, 1_000)))
                .isFalse();
        assertThat(isLater(told("00:30", "11:00", "", 990), told("00:00", "10:00", "", 1_000)))
                .isFalse();
        assertThat(isLater(told("00:30", "11:00", "", 1_200), told("00:00", "10:00", "", 1_000)))
                .isFalse();
    }

    @Test
    void theSameMarkIsTheSameLifeWhereDeliveriesGoOn() {
        assertThat(isLater(told("10:30", "11:00", MARK, 1_000), told("00:00", "10:00", MARK, 1_000)))
                .isFalse();
    }

    @Test
    void aCopyOfAConsumerThatBringsItsMarkIsALaterLife() {
        assertThat(isLater(told("10:30", "11:00", MARK, 0), told("00:00", "10:00", MARK, 1_000)))
                .isTrue();
    }

    @Test
    void anotherMarkIsALaterLifeWhateverItsServerSaysOfTime() {
        assertThat(isLater(told("09:00", "09:01", ANOTHER_MARK, 5_000), told("00:00", "10:00", MARK, 1_000)))
                .isTrue();
    }

    @Test
    void whatOperatorsMadeAfterTheFormerWasLastSeenIsALaterLifeHoweverFarItGot() {
        assertThat(isLater(told("10:30", "11:00", "", 5_000), told("00:00", "10:00", "", 1_000)))
                .isTrue();
    }

    // Seen of one that is asked before it leads: what it tells of deliveries is nothing.
    @Test
    void anAnswerWithoutDeliveriesIsOfTheSameLifeWhereItsInstantIsAboutTheSame() {
        assertThat(isLater(told("00:00.045", "00:01", "", 0), told("00:00", "00:00", "", 0)))
                .isFalse();
    }

    @Test
    void aLifeStaysSeenWhenAServerTellsWithoutSayingWhen() {
        ConsumerLife known = told("00:00", "10:00", "", 1_000);
        ConsumerLife behind = told("00:00", "yesterday", "", 1_000).in(known);
        assertThat(isLater(told("00:30", "11:00", "", 990), behind)).isFalse();
    }
}
