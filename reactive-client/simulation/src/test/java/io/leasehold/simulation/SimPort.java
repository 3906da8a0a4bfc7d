package io.leasehold.simulation;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import io.leasehold.simulation.SimParcel.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's end of one consumer: pulls, deliveries, settlements, touches. */
final class SimPort implements DeliveryPort {
    private static final int PULLS_MAX = 3;
    private static final long SHORT_NANOS = 1_000_000_000L;

    private final SimSession session;
    private final GroupSpec spec;
    private final DeliverySink sink;
    private final int number;
    private final List<SimPull> pulls = new ArrayList<>();
    private final List<Ask> asks = new ArrayList<>();
    private long credit;
    private long emitted;
    private int pullNumbers;
    private boolean stopped;

    SimPort(SimSession session, GroupSpec spec, DeliverySink sink, int number) {
        this.session = session;
        this.spec = spec;
        this.sink = sink;
        this.number = number;
    }

    SimSession session() {
        return session;
    }

    GroupSpec spec() {
        return spec;
    }

    String group() {
        return spec.name();
    }

    @Override
    public String toString() {
        return session.broker().node().name + "/" + number;
    }

    // ---- pulls

    @Override
    public void credit(long total) {
        credit = total;
        session.lane().soon(this::pull);
    }

    private void pull() {
        SimConnection connection = session.connection();
        if (stopped || connection == null) {
            return;
        }
        long wanted = credit - emitted - awaited();
        while (wanted < 0 && !pulls.isEmpty()) {
            SimPull newest = pulls.get(pulls.size() - 1);
            wanted += newest.awaited;
            retire(newest);
        }
        if (wanted > 0 && pulls.size() < PULLS_MAX) {
            ask(connection, (int) Math.min(wanted, 1_000));
        }
    }

    private long awaited() {
        long sum = 0;
        for (SimPull pull : pulls) {
            sum += pull.awaited;
        }
        return sum;
    }

    private void ask(SimConnection connection, int count) {
        long lease = spec.leaseTime().toNanos();
        // A pull that waits for half of a short lease leaves nothing of it to work in.
        boolean isShort = lease < SHORT_NANOS;
        long expires = lease / (2L << session.world().random().nextInt(3)) / (isShort ? 2 : 1);
        SimPull pull = new SimPull(++pullNumbers, count, session.nanos(), expires, connection);
        pulls.add(pull);
        if (session.world().isTraced()) {
            session.trace("pulls " + count + " (pull " + pull.number + ")");
        }
        connection.up.send(
                SimParcel.once("pull", () -> session.server().port(this).pull(pull)));
        session.lane().after(expires + lease / 8, () -> forget(pull));
    }

    private void forget(SimPull pull) {
        if (pulls.contains(pull)) {
            retire(pull);
            pull();
        }
    }

    private void retire(SimPull pull) {
        pulls.remove(pull);
        pull.awaited = 0;
        if (!pull.connection.isCut()) {
            pull.connection.up.send(new SimParcel(
                    "pull given up", () -> session.server().port(this).giveUp(pull)));
        }
    }

    /** On a new connection the old pulls mean nothing. */
    void connected() {
        SimConnection connection = session.connection();
        if (connection == null) {
            return;
        }
        pulls.forEach(pull -> pull.awaited = 0);
        pulls.clear();
        connection.up.send(new SimParcel("consume", () -> session.server().port(this)));
        for (Ask ask : List.copyOf(asks)) {
            ask.write();
        }
        pull();
    }

    @Override
    public void stop() {
        stopped = true;
        pulls.forEach(pull -> pull.awaited = 0);
        pulls.clear();
        SimConnection connection = session.connection();
        if (connection != null) {
            connection.up.send(
                    new SimParcel("stop", () -> session.server().port(this).stop()));
        }
    }

    /** The session is closed. */
    void close() {
        stopped = true;
        pulls.forEach(pull -> pull.awaited = 0);
        pulls.clear();
        asks.clear();
    }

    // ---- what the broker sends

    /** A delivery for a pull; late ones of a retired pull are left to run out, or are surplus: ports differ. */
    Parcel delivery(SimGrant grant, SimPull pull) {
        return new SimParcel("delivery", () -> deliver(grant, pull), Kind.DELIVERY);
    }

    private void deliver(SimGrant grant, SimPull pull) {
        boolean late = pull.awaited == 0;
        if (!session.hears(pull.connection) || late && !session.handsOnSurplus() || stopped) {
            session.trace("leaves a late delivery to run out");
            return;
        }
        pull.awaited -= late ? 0 : 1;
        emitted++;
        if (pull.awaited == 0) {
            pulls.remove(pull);
        }
        SimHandout handout = new SimHandout(grant, this, pull.anchorNanos);
        session.broker().wire().delivers(handout);
        sink.delivered(handout);
        pull();
    }

    Parcel pullEnded(SimPull pull) {
        return new SimParcel("end of a pull", () -> {
            if (session.hears(pull.connection) && pulls.remove(pull)) {
                pull.awaited = 0;
                pull();
            }
        });
    }

    Parcel ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
        return new SimParcel("end of a lease", () -> {
            if (!session.isClosed()) {
                sink.ended(ref, newer, loss);
            }
        });
    }

    Parcel gone(MessagingException error) {
        return new SimParcel("end of the group", () -> {
            if (!session.isClosed()) {
                sink.gone(error);
            }
        });
    }

    // ---- settlements and touches

    @Override
    public void settle(List<? extends SettleItem> items) {
        for (SettleItem item : items) {
            if (session.takes() || session.isClosed()) {
                start(new SettleAsk(this, item));
            } else {
                session.broker().wire().refuses((SimGrant) item.receipt());
                session.lane().soon(item::postponed);
            }
        }
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        for (TouchItem item : items) {
            if (session.takesTouches()) {
                start(new TouchAsk(this, item));
            }
        }
    }

    /** The connection has ended, and with it all leases that were granted over it. */
    void connectionLost() {
        if (session.isClosed()) {
            return;
        }
        sink.connectionLost();
        List<Ask> lost = List.copyOf(asks);
        asks.clear();
        lost.forEach(Ask::connectionLost);
    }

    private void start(Ask ask) {
        if (session.isClosed()) {
            return;
        }
        // Also while there is none: what a lease of an older one has to say must not wait for the next.
        boolean ofAnother = ask.grant.connection != session.connection();
        if (session.capabilities().leasesEndWithConnection() && ofAnother) {
            ask.connectionLost();
            return;
        }
        asks.add(ask);
        if (session.world().random().nextBoolean()) {
            ask.write();
        } else {
            session.lane().soon(ask::write);
        }
    }

    @Override
    public void abort() {
        session.abort();
    }

    void over(Ask ask) {
        asks.remove(ask);
    }
}
