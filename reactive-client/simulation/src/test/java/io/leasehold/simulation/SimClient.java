package io.leasehold.simulation;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One instance of the group: a real client on a node of its own, what it does, and what is known about it. */
final class SimClient implements SimBroker.Wire, Recorder {
    private final Cluster cluster;
    private final SimNode node;
    private final Plan plan;
    private final SimLane userLane;
    private final SimBroker broker;
    private final Signals signals;
    private final Instance instance;
    private final List<WatchedDelivery> helds = new ArrayList<>();
    private final Map<byte[], WatchedDelivery> bodies = new IdentityHashMap<>();
    private boolean stopping;

    SimClient(Cluster cluster, SimNode node, Plan plan) {
        this.cluster = cluster;
        this.node = node;
        this.plan = plan;
        this.userLane = new SimLane(node);
        this.broker = new SimBroker(node, cluster.network(), cluster.server(), cluster.capabilities(), this);
        this.signals = new Signals(node.world, node.name);
        this.instance = new Instance(this);
    }

    Signals.Once<Void> close() {
        stopping = true;
        return signals.follow("close", instance.close());
    }

    /** After the end nothing is open, and every run has had its outcome. */
    void checkClosed() {
        if (!signals.open().isEmpty()) {
            world().violate("P7", "operations of " + name() + " never ended: " + signals.open());
        }
        if (!instance.isOver()) {
            world().violate("P10", "a consumer of " + name() + " never ended");
        }
        for (WatchedDelivery held : helds) {
            if (held.open != null) {
                world().violate("P10", "the work on " + held + " was never cancelled");
            }
        }
    }

    // ---- what its handlers do

    /** How the next handler behaves. */
    Manners manners() {
        SplittableRandom random = world().random();
        return cluster.isHealed()
                ? Manners.good(random, plan.leaseNanos())
                : Manners.draw(random, plan.leaseNanos(), plan.trouble().wildness())
                        .with(plan.extras(), random);
    }

    WatchedDelivery heldOf(Delivery<String> delivery) {
        FencingToken token = delivery.lease().fencingToken().orElseThrow();
        for (int i = helds.size() - 1; i >= 0; i--) {
            if (token.equals(helds.get(i).grant.core.token())) {
                return helds.get(i);
            }
        }
        throw new IllegalStateException("work on what was never delivered: " + delivery.message());
    }

    private @Nullable WatchedDelivery heldBy(Object receipt) {
        for (int i = helds.size() - 1; i >= 0; i--) {
            if (helds.get(i).grant == receipt) {
                return helds.get(i);
            }
        }
        return null;
    }

    private WatchedDelivery requireHeld(SimGrant grant) {
        WatchedDelivery held = heldBy(grant);
        if (held == null) {
            throw new IllegalStateException(grant + " was never delivered to " + name());
        }
        return held;
    }

    void publishDerived(WatchedDelivery held, Delivery<String> delivery, int number) {
        Message message = WatchedWork.derived(held, number);
        bodies.put(message.bytes(), held);
        held.publishes();
        signals.follow("derived publish", delivery.publish(message));
    }

    /** Publishes a message to the group. */
    void publish(String name) {
        signals.follow(
                "publish", instance.publish(Message.to(Cluster.TOPIC).id(name).body(name)), receipt -> {
                    if (!cluster.ledger().isStored(name)) {
                        world().violate("P12", "the publish of " + name + " was confirmed, but it is not kept");
                    }
                });
    }

    // ---- how its runs and consumers end

    void outcome(Outcome outcome) {
        world().mark(outcome.kind().ordinal());
        if (world().isTraced()) {
            world().trace(node.name, "outcome " + outcome);
        }
        WatchedDelivery held = heldOf(outcome);
        if (held == null) {
            world().violate("P7", "an outcome of what was never delivered to " + name());
        } else {
            cluster.outcomes().check(held, outcome);
        }
    }

    // A group that is made anew counts from one: of several, the one that it fits best; of those that it does not fit,
    // the last one.
    private @Nullable WatchedDelivery heldOf(Outcome outcome) {
        String name = outcome.id() == null ? "?" : outcome.id().value();
        WatchedDelivery found = null;
        int best = 0;
        for (WatchedDelivery held : helds) {
            boolean same =
                    held.grant.message.name.equals(name) && held.grant.core.deliveryCount() == outcome.deliveryCount();
            int fit = fit(held, outcome);
            if (same && (found == null || fit > best || best == 0)) {
                found = held;
                best = fit;
            }
        }
        return found;
    }

    private static int fit(WatchedDelivery held, Outcome outcome) {
        if (held.outcomes > 0 || !OutcomeRules.fits(held, outcome.kind())) {
            return 0;
        }
        // What only may have been held back fits least.
        if (held.grant.written == null && !held.isHeldBack() && held.mayHaveBeenHeldBack()) {
            return outcome.kind() == Outcome.Kind.LOST ? 3 : 1;
        }
        return held.isRunning() || !held.isLeaseOver() ? 2 : 3;
    }

    void consumingEnded(SimSubscription<?> ended) {
        cluster.outcomes().consumingEnded(ended, helds);
        instance.ended(ended);
    }

    /** What waits for a consumer that takes nothing any more must be given back. */
    void stopped(SimSubscription<?> consuming) {
        for (WatchedDelivery held : helds) {
            if (held.consuming == consuming && !held.isStarted() && !held.isLeaseOver()) {
                oracle().runs().checkGivenBack(held);
            }
        }
    }

    // ---- what goes over the wire

    @Override
    public void settles(SimGrant grant, SettleItem item) {
        oracle().settles(requireHeld(grant), item);
    }

    @Override
    public void touches(SimGrant grant) {
        oracle().touches(requireHeld(grant));
    }

    @Override
    public void publishes(Message message) {
        WatchedDelivery held = bodies.get(message.bytes());
        if (held != null) {
            oracle().publishes(held);
        }
    }

    @Override
    public void offers(Message message) {
        if (message.topic().equals(Cluster.DEAD)) {
            letterOf(message.text());
        }
    }

    private void letterOf(String name) {
        for (WatchedDelivery held : helds) {
            held.waiting.isLettered |= held.grant.message.name.equals(name);
        }
    }

    @Override
    public void refuses(SimGrant grant) {
        requireHeld(grant).wasRefused = true;
    }

    @Override
    public boolean forgets() {
        return plan.extras().forgets();
    }

    @Override
    public void delivers(SimHandout handout) {
        WatchedDelivery held = new WatchedDelivery(instance.consuming(), handout);
        for (WatchedDelivery other : helds) {
            // At the limit of a drain an outcome is told before the settlement has ended.
            boolean present = other.outcomes == 0 || !other.isLeaseOver();
            held.waiting.behind |= present && other.grant.message == held.grant.message;
        }
        helds.add(held);
        trace("gets", held);
        oracle().runs().checkLoop(held);
        oracle().delivered(held);
        if (held.consuming.isStopped()) {
            oracle().runs().checkGivenBack(held);
        }
    }

    // ---- what the client reports

    @Override
    public void opened(LeaseView lease) {
        WatchedDelivery held = heldUnder(lease);
        if (held != null) {
            held.waiting.lease = (KeptLease) lease;
        }
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        WatchedDelivery held = heldUnder(lease);
        if (held != null) {
            oracle().lost(held, loss);
        }
    }

    @Override
    public void touchAnswered(LeaseView lease, boolean inTime) {
        WatchedDelivery held = inTime ? heldUnder(lease) : null;
        if (held != null) {
            oracle().renewed(held);
        }
    }

    @Override
    public void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
        WatchedDelivery held = heldUnder(lease);
        if (held != null) {
            oracle().settled(held, verb, answer);
        }
    }

    private @Nullable WatchedDelivery heldUnder(LeaseView lease) {
        return heldBy(((KeptLease) lease).receipt());
    }

    @Override
    public void fault(Throwable fault) {
        world().violate("P7", "a fault was caught: " + fault);
    }

    // ---- what it is

    void trace(String what, WatchedDelivery held) {
        if (world().isTraced()) {
            world().trace(node.name, what + " " + held.grant);
        }
    }

    void trace(String what) {
        world().trace(node.name, what);
    }

    String name() {
        return node.name;
    }

    SimNode node() {
        return node;
    }

    Plan plan() {
        return plan;
    }

    SimWorld world() {
        return node.world;
    }

    SimBroker broker() {
        return broker;
    }

    SimSession session() {
        return broker.sessions().get(0);
    }

    SimLane userLane() {
        return userLane;
    }

    Signals signals() {
        return signals;
    }

    SimOracle oracle() {
        return cluster.oracle();
    }

    List<WatchedDelivery> helds() {
        return helds;
    }

    Cluster cluster() {
        return cluster;
    }

    Instance instance() {
        return instance;
    }

    long leaseNanos() {
        return plan.leaseNanos();
    }

    long maxHoldNanos() {
        return plan.consumer().limits().maxHoldNanos();
    }

    boolean mayTimeOut() {
        return plan.consumer().limits().timeoutNanos() > 0;
    }

    boolean isStopping() {
        return stopping;
    }

    /** The id of a message, as text. */
    static String nameOf(Message message) {
        return message.id().map(MessageId::value).orElse("?");
    }
}
