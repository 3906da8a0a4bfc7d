package io.leasehold.nats.chaos;

import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream holds at the end.
 *
 * @param ids of its messages, in order
 * @param unfinished how many messages each group has not acked
 */
record Stored(List<String> ids, Map<String, Long> unfinished) {
    /** Where nothing could be read. */
    static final Stored NOTHING = new Stored(List.of(), Map.of());

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int BATCH = 500;

    static Stored read(int port, String stream, List<String> groups) {
        try (RawNats nats = RawNats.connect(port)) {
            Map<String, Long> unfinished = new HashMap<>();
            groups.forEach(group -> unfinished.put(group, unfinished(nats, stream, group)));
            return new Stored(ids(nats, stream), unfinished);
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

    private static List<String> ids(RawNats nats, String stream) {
        String config = "{\"stream_name\":\"%s\",\"config\":{\"durable_name\":\"reader\",\"ack_policy\":\"none\","
                + "\"headers_only\":true,\"mem_storage\":true,\"num_replicas\":1}}";
        nats.request("$JS.API.CONSUMER.DURABLE.CREATE." + stream + ".reader", config.formatted(stream));
        List<String> ids = new ArrayList<>();
        long wanted = number(nats.request("$JS.API.STREAM.INFO." + stream, ""), "messages");
        while (ids.size() < wanted) {
            int before = ids.size();
            String inbox = RawNats.inbox();
            int sid = nats.subscribe(inbox);
            String pull = "{\"batch\":" + BATCH + ",\"expires\":1000000000}";
            nats.publish("$JS.API.CONSUMER.MSG.NEXT." + stream + ".reader", inbox, pull);
            Optional<RawMessage> next = nats.next(sid, PATIENCE);
            while (next.isPresent() && next.get().status().isEmpty()) {
                ids.add(next.get().header("Nats-Msg-Id").orElse(""));
                next = ids.size() - before == BATCH ? Optional.empty() : nats.next(sid, PATIENCE);
            }
            nats.unsubscribe(sid);
            if (ids.size() == before) {
                throw new IllegalStateException("only " + before + " of " + wanted + " messages can be read");
            }
        }
        return ids;
    }
}
