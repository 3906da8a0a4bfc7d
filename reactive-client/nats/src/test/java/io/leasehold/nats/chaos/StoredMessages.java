package io.leasehold.nats.chaos;

import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.RawNats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stream holds at the end.
 *
 * @param ids of its messages, in order
 * @param unfinished how many messages each group has not acked
 */
record StoredMessages(List<String> ids, Map<String, Long> unfinished) {
    /** Where nothing could be read. */
    static final StoredMessages NOTHING = new StoredMessages(List.of(), Map.of());

    private static final String ID = "Nats-Msg-Id:";
    private static final String NOT_FOUND = "10037";

    static StoredMessages read(int port, String stream, List<String> groups) {
        try (RawNats nats = RawNats.connect(port)) {
            Map<String, Long> unfinished = new HashMap<>();
            groups.forEach(group -> unfinished.put(group, unfinished(nats, stream, group)));
            return new StoredMessages(ids(nats, stream), unfinished);
        }
    }

    /** Whether no group has anything left, as far as it can be asked. */
    static boolean isFinished(int port, String stream, List<String> groups) {
        try (RawNats nats = RawNats.connect(port)) {
            return groups.stream().allMatch(group -> unfinished(nats, stream, group) == 0);
        } catch (RuntimeException | AssertionError away) {
            return false;
        }
    }

    private static long unfinished(RawNats nats, String stream, String group) {
        RawMessage consumer = nats.request("$JS.API.CONSUMER.INFO." + stream + "." + group, "");
        return left(consumer, nats.request("$JS.API.STREAM.INFO." + stream, ""));
    }

    /**
     * How much is left of a consumer that takes all of its stream. The server that leads it counts what its own replica
     * of the stream has: where that is behind, what is missing there is to come.
     */
    static long left(RawMessage consumer, RawMessage stream) {
        long behind = number(stream, "last_seq") - number(consumer, "stream_seq");
        return Math.max(behind, number(consumer, "num_pending") + number(consumer, "num_ack_pending"));
    }

    private static long number(RawMessage info, String key) {
        return info.field(key).map(Long::parseLong).orElseThrow(() -> new IllegalStateException(info.body()));
    }

    // One by one: a consumer of a server up to 2.9 may skip what its stream has.
    private static List<String> ids(RawNats nats, String stream) {
        RawMessage info = nats.request("$JS.API.STREAM.INFO." + stream, "");
        List<String> ids = new ArrayList<>();
        for (long sequence = number(info, "first_seq"); sequence <= number(info, "last_seq"); sequence++) {
            RawMessage answer = nats.request("$JS.API.STREAM.MSG.GET." + stream, "{\"seq\":" + sequence + "}");
            boolean gone = answer.field("err_code").filter(NOT_FOUND::equals).isPresent();
            if (!gone) {
                ids.add(id(answer));
            }
        }
        return ids;
    }

    private static String id(RawMessage answer) {
        String headers = answer.field("hdrs").orElseThrow(() -> new IllegalStateException(answer.body()));
        return new String(Base64.getDecoder().decode(headers), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(ID))
                .map(line -> line.substring(ID.length()).strip())
                .findFirst()
                .orElse("");
    }
}
