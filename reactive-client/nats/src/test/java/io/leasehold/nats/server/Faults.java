package io.leasehold.nats.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What can go wrong, ready for a {@link FaultRun}. */
public final class Faults {
    private static final Duration LATE = Duration.ofMillis(80);
    private static final int LARGEST_CUT_BYTES = 2_000;
    private static final int LARGEST_PIECE_BYTES = 20;
    private static final int NARROW_BYTES_PER_SECOND = 50_000;

    private Faults() {}

    /** On the way to a server. */
    public static List<Fault> ofNetwork(FaultProxy proxy) {
        List<Fault> faults = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            String way = direction == Direction.TO_SERVER ? " to the server" : " to the client";
            faults.add(Fault.of("hole" + way, random -> proxy.hold(direction), () -> proxy.release(direction)));
            faults.add(Fault.of(
                    "late" + way,
                    random -> proxy.delay(direction, Duration.ZERO, LATE, random.nextLong()),
                    () -> proxy.delay(direction, Duration.ZERO)));
            faults.add(Fault.of(
                    "half a frame" + way,
                    random -> proxy.cutAfter(direction, random.nextInt(LARGEST_CUT_BYTES)),
                    () -> proxy.cutAfter(direction, Long.MAX_VALUE)));
            faults.add(Fault.of(
                    "pieces" + way,
                    random -> proxy.split(direction, LARGEST_PIECE_BYTES, random.nextLong()),
                    () -> proxy.split(direction, 0, 0)));
            faults.add(Fault.of(
                    "narrow" + way,
                    random -> proxy.limit(direction, NARROW_BYTES_PER_SECOND),
                    () -> proxy.limit(direction, 0)));
        }
        faults.add(Fault.of("cut off", random -> proxy.hold(), proxy::release));
        faults.add(Fault.of("reset", random -> proxy.reset(), () -> {}));
        faults.add(Fault.of("refused", random -> refuse(proxy), proxy::accept));
        return faults;
    }

    private static void refuse(FaultProxy proxy) {
        proxy.refuse();
        proxy.reset();
    }

    /** Of a server that stands alone. */
    public static List<Fault> ofServer(NatsServer server) {
        return List.of(
                Fault.of("server frozen", random -> server.freeze(), server::thaw),
                Fault.of("server killed", random -> server.kill(), server::start),
                Fault.of("server restarted", random -> server.terminate(), server::start));
    }

    /** Of the node that leads something when the fault begins; each ends with a cluster that is whole. */
    public static List<Fault> ofLeader(NatsCluster cluster, Supplier<NatsServer> leader) {
        return List.of(
                ofLeader(cluster, leader, "frozen", NatsServer::freeze, NatsServer::thaw),
                ofLeader(cluster, leader, "killed", NatsServer::kill, NatsServer::start),
                ofLeader(cluster, leader, "restarted", NatsServer::terminate, NatsServer::start),
                ofLeader(cluster, leader, "isolated", cluster::isolate, node -> cluster.heal()),
                ofLeader(cluster, leader, "lame duck", NatsServer::lameDuck, Faults::endLameDuck));
    }

    private static void endLameDuck(NatsServer node) {
        node.kill();
        node.start();
    }

    private static Fault ofLeader(
            NatsCluster cluster,
            Supplier<NatsServer> leader,
            String what,
            Consumer<NatsServer> begin,
            Consumer<NatsServer> end) {
        AtomicReference<NatsServer> hit = new AtomicReference<>();
        return Fault.of(
                "leader " + what,
                random -> {
                    hit.set(leader.get());
                    begin.accept(hit.get());
                },
                () -> {
                    end.accept(hit.get());
                    cluster.awaitReady();
                });
    }
}
