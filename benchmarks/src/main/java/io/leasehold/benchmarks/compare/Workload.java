package io.leasehold.benchmarks.compare;

import io.leasehold.benchmarks.contender.Contender;
import io.nats.client.api.StorageType;
import java.util.List;

/**
 * One thing that all sides do.
 *
 * @param name for {@code --only}
 * @param what for people
 * @param storage of the stream
 * @param kind what is there before it begins
 * @param messages how many by default
 * @param bodyBytes how large
 * @param contenders who
 * @param goals what we want to reach
 */
record Workload(
        String name,
        String what,
        StorageType storage,
        Kind kind,
        int messages,
        int bodyBytes,
        List<Contender> contenders,
        List<Goal> goals) {

    /** What is there before a workload begins. */
    enum Kind {
        /** An empty stream. */
        PUBLISH,
        /** A stream with all messages, and a consumer of it. */
        CONSUME,
        /** An empty stream, and a consumer of it. */
        BOTH
    }
}
