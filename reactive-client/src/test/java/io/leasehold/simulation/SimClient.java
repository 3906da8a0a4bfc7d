package io.leasehold.simulation;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.KeptLease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Verb;
import io.leasehold.signal.Recorder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** One instance of the group: a real client on a node of its own, and what its handlers do. */
final class SimClient implements SimBroker.Wire, Recorder {
    private final Cluster cluster;
    private final SimNode node;
    private final Plan plan;
    private final SimLane userLane;
    private final SimBroker broker;
    private final Signals signals;
    private final List<Held> helds = new ArrayList<>();
    private final Instance instance;
    private boolean stopping;

    SimClient(Cluster cluster, SimNode node, Plan plan) {
        this.cluster = cluster;
        this.node = node;
        this.plan = plan;
        this.userLane = new SimLane(node);
        this.broker = new SimBroker(node, cluster.network(), cluster.server(), cluster.capabilities(), this);
        this.signals = new Signals(node.world, node.name);
        this.instance = new Instance(this, plan);
    }

    void start() {
        instance.start();
    }

    Signals.Once<Void> close() {
        stopping = true;
        return signals.follow("close", instance.close());
    }

    /** After the end nothing is open. */
    void checkClosed() {
        if (signals.openCount() > 0) {
            world().violate("P7", signals.openCount() + " operations of " + name() + " never ended");
        }
        if (!instance.isOver()) {
            world().violate("P10", "the outcomes of " + name() + " never ended");
        }
    }

    /** The handler of the workload. */
    Publisher<?> handle(Delivery<String> delivery) {
        Held held = heldOf(delivery);
        Manners manners = cluster.isHealed()
                ? Manners.good(world().random(), plan.leaseNanos())
                : Manners.draw(
                        world().random(), plan.leaseNanos(), plan.trouble().wildness());
        oracle().handlerCalled(held);
        return switch (manners.ending()) {
            case THROWS -> throw Work.HandlerFault.INSTANCE;
            case RETURNS_NULL -> null;
            default -> new Work(held, delivery, manners);
        };
    }

    private Held heldOf(Delivery<String> delivery) {
        String name = delivery.message().id().map(id -> id.value()).orElse("?");
        for (int i = helds.size() - 1; i >= 0; i--) {
            Grant grant = helds.get(i).grant;
            if (grant.core.deliveryCount() == delivery.deliveryCount() && grant.message.name.equals(name)) {
                return helds.get(i);
            }
        }
        throw new IllegalStateException("the handler got what was never delivered: " + name);
    }

    private @Nullable Held heldOf(Object receipt) {
        for (int i = helds.size() - 1; i >= 0; i--) {
            if (helds.get(i).grant == receipt) {
                return helds.get(i);
            }
        }
        return null;
    }

    private Held requireHeld(Grant grant) {
        Held held = heldOf((Object) grant);
        if (held == null) {
            throw new IllegalStateException(grant + " was never delivered to " + name());
        }
        return held;
    }

    void outcome(Outcome outcome) {
        world().mark(outcome.kind().ordinal());
        if (world().isTraced()) {
            world().trace(node.name, "outcome " + outcome);
        }
    }

    void publishDerived(Held held, Delivery<String> delivery, int number) {
        Mono<?> publish = delivery.publish(Work.derived(held, number)).doOnError(error -> held.childFailed());
        signals.follow("derived publish", publish);
    }

    // ---- what goes over the wire

    @Override
    public void settles(Grant grant, SettleItem item) {
        oracle().settles(requireHeld(grant), item);
    }

    @Override
    public void touches(Grant grant) {
        oracle().touches(requireHeld(grant));
    }

    @Override
    public void delivers(SimHandout handout) {
        helds.add(new Held(this, handout));
        trace("gets", helds.get(helds.size() - 1));
    }

    // ---- what the client reports

    @Override
    public void lost(KeptLease lease, LeaseLoss loss) {
        Held held = heldOf(lease.receipt());
        if (held != null) {
            oracle().lost(held, loss);
        }
    }

    @Override
    public void settled(KeptLease lease, Verb verb, SettleAnswer answer) {
        Held held = heldOf(lease.receipt());
        if (held != null) {
            trace("settled (" + verb + " " + answer + ")", held);
            held.settled(answer);
        }
    }

    @Override
    public void fault(Throwable fault) {
        world().violate("P7", "a fault was caught: " + fault);
    }

    // ---- what it is

    void trace(String what, Held held) {
        if (world().isTraced()) {
            world().trace(node.name, what + " " + held.grant);
        }
    }

    String name() {
        return node.name;
    }

    SimNode node() {
        return node;
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

    Oracle oracle() {
        return cluster.oracle();
    }

    List<Held> helds() {
        return helds;
    }

    Cluster cluster() {
        return cluster;
    }

    long leaseNanos() {
        return plan.leaseNanos();
    }

    int concurrency() {
        return plan.consumer().concurrency();
    }

    long maxHoldNanos() {
        return plan.consumer().maxHoldNanos();
    }

    boolean mayTimeOut() {
        return plan.consumer().timeoutNanos() > 0;
    }

    boolean hasDeadLetters() {
        return plan.consumer().deadLetters();
    }

    boolean isStopping() {
        return stopping;
    }

    long crashAllowanceNanos() {
        return cluster.capabilities().crashAllowance().toNanos();
    }
}
