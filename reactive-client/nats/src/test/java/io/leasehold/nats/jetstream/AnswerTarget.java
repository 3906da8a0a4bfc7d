package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.fuzz.FuzzTarget;
import io.leasehold.nats.protocol.JsonWriter;
import io.leasehold.nats.protocol.TestFrames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Answers of the JetStream API, of streams and of consumers: read, or refused with an error of ours. */
final class AnswerTarget implements FuzzTarget {
    @Override
    public List<String> seeds() {
        return List.of(
                "{\"stream\":\"S\",\"seq\":7,\"domain\":\"d\",\"duplicate\":true}",
                "{\"error\":{\"code\":503,\"err_code\":10008,\"description\":\"away\"},\"stream\":\"S\",\"seq\":0}",
                "{\"stream_name\":\"S\",\"name\":\"C\",\"created\":\"2026-11-21T09:11:10.123456789Z\",\"config\":{"
                        + "\"ack_wait\":30000000000,\"backoff\":[1000000000,2000000000],\"filter_subject\":\"a.>\"},"
                        + "\"delivered\":{\"consumer_seq\":4,\"stream_seq\":3}}",
                "{\"streams\":[\"A\",\"B\",3,null],\"total\":2,\"reserved\":18446744073709551615,\"d\":1.5e300}");
    }

    @Override
    public void take(byte[] input) {
        long sequence = PublishAck.sequence(TestFrames.withBody(input));
        String text = new String(input, StandardCharsets.ISO_8859_1);
        boolean told = text.matches("(?s).*\"seq\": *0*" + Math.abs(sequence) + "\\D.*");
        FuzzTarget.require(sequence == PublishAck.NONE || told, "stored as " + sequence);
        boolean same = PublishAck.sequence(input, PublishAck.front(input).length) == sequence;
        FuzzTarget.require(sequence == PublishAck.NONE || same, "something else by its front");
        FuzzTarget.require(sequence >= 0 || text.contains("\"duplicate\":"), "a duplicate " + sequence);
        try {
            look(ApiResponse.of(TestFrames.withBody(input)));
            Map<String, Object> read =
                    ApiResponse.of(TestFrames.withBody(input)).fields();
            byte[] written = JsonWriter.write(read);
            byte[] again = JsonWriter.write(
                    ApiResponse.of(TestFrames.withBody(written)).fields());
            FuzzTarget.require(Arrays.equals(written, again), "written again as something else");
        } catch (MessagingException refused) {
            FuzzTarget.require(refused.code() == ErrorCode.PROTOCOL, "refused as " + refused.code());
        }
    }

    private static void look(ApiResponse answer) {
        int code = answer.errorCode();
        FuzzTarget.require(answer.error("fuzz") instanceof MessagingException, "error " + code);
        FuzzTarget.require(answer.texts("streams").stream().noneMatch(text -> text == null), "a null in a list");
        FuzzTarget.require(answer.isError() || answer.part("error").errorCode() == 0, "an error of none");
        ConsumerLife life = ConsumerLife.of(answer);
        FuzzTarget.require(life.shortestNanos() > 0, "a lease of " + life.shortestNanos());
        for (int count : new int[] {1, 2, 3, Integer.MAX_VALUE}) {
            FuzzTarget.require(life.leaseTime(count).nanos() >= life.shortestNanos(), "a lease below the shortest");
        }
        FuzzTarget.require(!life.isLaterLifeOf(life, life.delivered()), "later than itself");
    }
}
