package io.leasehold.nats.chaos;

import java.time.Duration;
import java.util.List;

/**
 * What clients of a round do.
 *
 * @param family the first token of all topics, and the stream
 * @param seed of what handlers do
 * @param replicas of the stream
 * @param publishing for how long each publishes
 * @param perSecond how many messages
 */
record Traffic(String family, long seed, int replicas, Duration publishing, int perSecond) {
    static final Duration LEASE = Duration.ofSeconds(8);
    static final List<String> GROUPS = List.of("loose", "keyed");

    /** As arguments of a process. */
    List<String> words() {
        return List.of(
                family,
                Long.toString(seed),
                Integer.toString(replicas),
                publishing.toString(),
                Integer.toString(perSecond));
    }

    static Traffic of(List<String> words) {
        return new Traffic(
                words.get(0),
                Long.parseLong(words.get(1)),
                Integer.parseInt(words.get(2)),
                Duration.parse(words.get(3)),
                Integer.parseInt(words.get(4)));
    }
}
