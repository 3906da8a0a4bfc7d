package io.leasehold.benchmarks.compare;

import io.leasehold.benchmarks.baseline.JnatsConsume;
import io.leasehold.benchmarks.baseline.JnatsEndToEnd;
import io.leasehold.benchmarks.baseline.JnatsPublish;
import io.leasehold.benchmarks.baseline.RawConsume;
import io.leasehold.benchmarks.baseline.RawEndToEnd;
import io.leasehold.benchmarks.baseline.RawPublish;
import io.leasehold.benchmarks.contender.Contender;
import io.leasehold.benchmarks.contender.OwnConsume;
import io.leasehold.benchmarks.contender.OwnEndToEnd;
import io.leasehold.benchmarks.contender.OwnPublish;
import io.leasehold.lease.SettlementLevel;
import io.nats.client.api.StorageType;
import java.util.List;

/** All of them. */
final class Workloads {
    private static final int SMALL = 128;
    private static final int KIB = 1_024;
    private static final int PER_SECOND = 5_000;
    private static final int IN_FLIGHT = 256;
    private static final int DEEP = 2_000;
    private static final String JNATS = "jnats";

    private static final List<Contender> PUBLISHERS = List.of(
            new Contender("leasehold", OwnPublish::once),
            new Contender("leasehold ids", OwnPublish::repeating),
            new Contender(JNATS, JnatsPublish::plain),
            new Contender("jnats ids", JnatsPublish::withIds),
            new Contender("raw", RawPublish::plain),
            new Contender("raw ids", RawPublish::withIds));

    private static final List<Workload> ALL = List.of(
            publish("publish-128", "128 B in memory", StorageType.Memory, SMALL, 1.6),
            publish("publish-1k", "1 KiB in memory", StorageType.Memory, KIB, 1.3),
            publish("publish-1k-file", "1 KiB in files", StorageType.File, KIB, 1.35),
            publish("publish-16k", "16 KiB in memory", StorageType.Memory, 16 * KIB, 1.0),
            consume("consume-written", "acks that are written", SettlementLevel.WRITTEN, 1.15),
            consume("consume-confirmed", "acks that are answered", SettlementLevel.CONFIRMED, 0.9),
            new Workload(
                    "acks",
                    "answered acks, 256 in flight, beside the blocking ackSync",
                    StorageType.Memory,
                    Workload.Kind.CONSUME,
                    100_000,
                    SMALL,
                    List.of(
                            OwnConsume.of(SettlementLevel.CONFIRMED),
                            JnatsConsume.confirmed(),
                            RawConsume.confirmed(IN_FLIGHT)),
                    List.of(Goal.times(Figure.RATE, "jnats ackSync", 15))),
            new Workload(
                    "end-to-end",
                    "from publish to handler at 5,000 messages a second",
                    StorageType.Memory,
                    Workload.Kind.BOTH,
                    2 * PER_SECOND,
                    SMALL,
                    List.of(OwnEndToEnd.at(PER_SECOND), JnatsEndToEnd.at(PER_SECOND), RawEndToEnd.at(PER_SECOND)),
                    List.of(Goal.atMostTimes(Figure.MEDIAN, JNATS, 1 / 1.2))));

    private Workloads() {}

    static List<Workload> all() {
        return ALL;
    }

    private static Workload publish(String name, String what, StorageType storage, int bytes, double least) {
        return new Workload(
                name,
                "publish " + what,
                storage,
                Workload.Kind.PUBLISH,
                bytes > KIB ? 20_000 : 200_000,
                bytes,
                PUBLISHERS,
                List.of(
                        Goal.times(Figure.RATE, JNATS, least),
                        new Goal(Figure.RATE, "leasehold ids", "jnats ids", least, Double.NaN),
                        Goal.atMost(Figure.BYTES, 200),
                        Goal.atMostTimes(Figure.CLIENT, JNATS, 0.2)));
    }

    private static Workload consume(String name, String what, SettlementLevel level, double least) {
        boolean written = level == SettlementLevel.WRITTEN;
        return new Workload(
                name,
                "consume 128 B from memory under leases, concurrency 256, " + what,
                StorageType.Memory,
                Workload.Kind.CONSUME,
                100_000,
                SMALL,
                List.of(
                        OwnConsume.of(level),
                        OwnConsume.prefetching(level),
                        JnatsConsume.byDefault(),
                        JnatsConsume.atItsBest(),
                        written ? RawConsume.written(DEEP) : RawConsume.confirmed(DEEP),
                        written ? RawConsume.written(IN_FLIGHT) : RawConsume.toldApart(IN_FLIGHT)),
                List.of(
                        Goal.times(Figure.RATE, JNATS, least),
                        Goal.atMost(Figure.BYTES, 600 + SMALL),
                        Goal.atMostTimes(Figure.CLIENT, JNATS, 0.5)));
    }
}
