package io.leasehold.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The simulated network around a broker, driven by a few lines on the bare SPI. */
class SimBrokerTest {
    private static final long MS = 1_000_000L;
    private static final long LEASE = 1_000 * MS;
    private static final GroupSpec GROUP =
            new GroupSpec("workers", TopicFilter.of("work"), Duration.ofNanos(LEASE), StartPosition.EARLIEST);

    private final Scene scene = new Scene(11);

    @Test
    void messagesGetThroughAndAreSettled() {
        scene.driver.start(3);
        scene.seed(20);
        scene.world.runUntil(2_000 * MS);

        assertThat(scene.driver.got).hasSize(20).doesNotHaveDuplicates();
        assertThat(scene.ledger.messages()).hasSize(20).allMatch(message -> message.endedAs == SettleVerb.ACK);
        assertThat(scene.world.violation()).isNull();
    }

    @Test
    void anAnchorIsNeverLaterThanItsGrant() {
        scene.driver.start(3);
        scene.seed(20);
        scene.world.runUntil(2_000 * MS);

        assertThat(scene.driver.handouts).allSatisfy(handout -> {
            long granted = scene.brokerNode.trueAt(handout.grant().core.anchorNanos());
            assertThat(scene.clientNode.trueAt(handout.anchorNanos())).isLessThanOrEqualTo(granted);
        });
    }

    @Test
    void whatTheNetworkLosesIsDeliveredAgainAfterItsLease() {
        scene.network.behave(new SimFaults(5 * MS, 0, 0, 400, 100, 0));
        scene.driver.start(3);
        scene.seed(20);
        scene.world.runUntil(120_000 * MS);

        assertThat(scene.ledger.messages()).allMatch(message -> message.endedAs == SettleVerb.ACK);
        assertThat(scene.ledger.messages()).anyMatch(message -> message.handedOut > 1);
        assertThat(scene.network.lostCount()).isPositive();
        assertThat(scene.world.violation()).isNull();
    }

    @Test
    @Scenario(29)
    void aBrokenConnectionIsMadeAnewAndNothingOfTheOldOneIsHeard() {
        scene.network.behave(new SimFaults(300 * MS, 0, 0, 0, 0, 0));
        scene.driver.start(3);
        scene.seed(10);
        for (int i = 1; i <= 10; i++) {
            scene.world.runUntil(scene.world.now() + 200 * MS);
            scene.driver.session().cut(i % 2 == 0);
        }
        scene.network.behave(SimFaults.NONE);
        scene.world.runUntil(scene.world.now() + 5 * LEASE);

        assertThat(scene.ledger.messages()).hasSize(10).allMatch(message -> message.endedAs == SettleVerb.ACK);
        assertThat(scene.world.trace()).anyMatch(line -> line.contains("loses its connection"));
    }

    @Test
    void aHeldLineDelaysEverythingBehindItInOrder() {
        scene.driver.start(1);
        scene.world.runUntil(50 * MS);
        SimConnection connection =
                java.util.Objects.requireNonNull(scene.driver.session().connection());
        connection.down.hold(100 * MS);
        scene.seed(1);
        scene.world.runUntil(149 * MS);
        assertThat(scene.driver.got).isEmpty();
        scene.world.runUntil(160 * MS);

        assertThat(scene.driver.got).containsExactly("m0");
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        assertThat(hashOfAHistory(5)).isEqualTo(hashOfAHistory(5)).isNotEqualTo(hashOfAHistory(6));
    }

    private static long hashOfAHistory(long seed) {
        Scene scene = new Scene(seed);
        scene.network.behave(new SimFaults(50 * MS, 100, LEASE, 100, 100, 100));
        scene.driver.start(2);
        scene.seed(10);
        scene.world.runUntil(20_000 * MS);
        return scene.world.hash();
    }

    /** A broker, a network and a client. */
    private static final class Scene {
        private final SimWorld world;
        private final SimNetwork network;
        private final SimNode brokerNode;
        private final CoreBroker core;
        private final LeaseLedger ledger;
        private final SimServer server;
        private final SimNode clientNode;
        private final Driver driver;

        Scene(long seed) {
            world = new SimWorld(seed, true);
            network = new SimNetwork(world);
            brokerNode = new SimNode(world, "broker", 300, 5_000);
            core = CoreBroker.of(brokerNode, new Plan.BrokerPlan(true, LEASE, false), Extras.NONE);
            ledger = new LeaseLedger(brokerNode, core.capabilities());
            server = new SimServer(brokerNode, core.broker(), ledger);
            clientNode = new SimNode(world, "client", -300, 77_000);
            driver = new Driver();
        }

        private void seed(int messages) {
            server.makeGroup(GROUP);
            for (int i = 0; i < messages; i++) {
                server.seed(Message.to("work").id("m" + i).body("m" + i));
            }
        }

        /** Acks whatever it gets. */
        private final class Driver implements DeliverySink, SimBroker.Wire {
            private final SimBroker broker = new SimBroker(clientNode, network, server, core.capabilities(), this);
            private final List<String> got = new ArrayList<>();
            private final List<SimHandout> handouts = new ArrayList<>();
            private int slots;
            private @Nullable DeliveryPort port;

            void start(int newSlots) {
                slots = newSlots;
                SimScheduler time = new SimScheduler(clientNode, 1);
                BrokerSession opened = broker.open(new SessionContext("c", new Ticker(time), time, Recorder.NONE));
                port = opened.deliveries(GROUP, this);
                port.credit(slots);
            }

            SimSession session() {
                return broker.sessions().get(0);
            }

            @Override
            public void delivered(Handout handout) {
                got.add(handout.message().text());
                handout.settlement().settle(List.of(new BareSettlement(handout.receipt(), SettleVerb.ACK)));
                java.util.Objects.requireNonNull(port).credit(got.size() + slots);
            }

            @Override
            public void delivers(SimHandout handout) {
                handouts.add(handout);
            }

            @Override
            public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {}

            @Override
            public void connectionLost() {}

            @Override
            public void troubled(MessagingException trouble) {}

            @Override
            public void gone(MessagingException error) {
                throw error;
            }

            @Override
            public void settles(SimGrant grant, SettleItem item) {}

            @Override
            public void touches(SimGrant grant) {}
        }
    }
}
