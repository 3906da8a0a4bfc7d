package io.leasehold.simulation;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.Handout;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import io.leasehold.simulation.SimGrant.Tracked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The truth about the leases, noted at the broker at the instant at which it does something. It does not trust the
 * broker's own timers: from what was granted and touched it works out itself from when on somebody else may be given
 * the message.
 */
final class LeaseLedger {
    private final SimNode broker;
    private final Capabilities capabilities;
    private final long crashNanos;
    private final Map<Ref, Tracked> messages = new HashMap<>();
    private final List<Tracked> inOrder = new ArrayList<>();
    private final Set<String> deadLetters = new HashSet<>();
    private final Map<String, Long> derived = new HashMap<>();
    private final Set<String> toBeDone = new LinkedHashSet<>();
    private final List<GrantWatch> watches = new ArrayList<>();
    private int grants;

    private record Ref(String group, Object ref) {}

    /** Hears of each grant. */
    interface GrantWatch {
        /** The broker hands a message out; the grant before it is no longer the newest one. */
        void granted(SimGrant grant);
    }

    LeaseLedger(SimNode broker, Capabilities capabilities) {
        this.broker = broker;
        this.capabilities = capabilities;
        this.crashNanos = capabilities.crashAllowance().toNanos();
    }

    void watch(GrantWatch watch) {
        watches.add(watch);
    }

    /** The messages that were ever handed out, in the order in which that happened first. */
    List<Tracked> messages() {
        return inOrder;
    }

    /** The broker hands a message out now. */
    SimGrant granted(SimPort port, Handout core) {
        Tracked message = messages.computeIfAbsent(new Ref(port.group(), core.ref()), ref -> tracked(core));
        requireAllowed(message, core);
        SimGrant grant = new SimGrant(message, core, port, ++grants);
        grant.othersFrom = leasedUntil(core.anchorNanos(), core.leaseTime().nanos());
        message.newest = grant;
        message.handedOut++;
        broker.world.mark(grant.number);
        if (broker.world.isTraced()) {
            broker.world.trace(
                    broker.name, "hands out " + grant + " to " + port + ", lent until " + ms(grant.othersFrom));
        }
        for (GrantWatch watch : watches) {
            watch.granted(grant);
        }
        return grant;
    }

    private Tracked tracked(Handout core) {
        Tracked message = new Tracked(nameOf(core));
        inOrder.add(message);
        return message;
    }

    private void requireAllowed(Tracked message, Handout core) {
        SimGrant before = message.newest;
        if (message.endedAs != null && capabilities.isFenced()) {
            broker.world.violate("broker", "handed out " + message.name + " although it was ended: " + message.endedAs);
        }
        if (before != null && !before.purged && broker.world.now() < before.othersFrom) {
            broker.world.violate("broker", "handed out " + message.name + " before " + ms(before.othersFrom));
        }
        if (before != null && core.deliveryCount() <= before.core.deliveryCount()) {
            broker.world.violate("broker", "counted " + core.deliveryCount() + " after " + before);
        }
    }

    /** The broker has applied a settlement. */
    void settled(SimGrant grant, SettleVerb verb, long delayNanos) {
        Tracked message = grant.message;
        trace(grant, verb.name());
        boolean stale = capabilities.isFenced() && !grant.isNewest();
        if (grant.isOld() || stale && verb == SettleVerb.NAK) {
            return;
        }
        if (verb != SettleVerb.NAK) {
            message.endedBy = grant;
            message.endedAs = verb;
        } else if (!grant.naked) {
            grant.naked = true;
            freed(grant, delayNanos);
        }
    }

    private void freed(SimGrant by, long delayNanos) {
        SimGrant holder = by.message.newest;
        if (holder != null) {
            // Who was robbed may rob others without knowing, where tokens are not checked.
            holder.purged |= by.purged;
            // A restart cuts delays as it cuts leases.
            holder.othersFrom = broker.trueAfter(Math.max(0, delayNanos - crashNanos));
        }
    }

    /** The broker has extended a lease, for so long from now; 0 for as long as before. */
    void touched(SimGrant grant, long leaseNanos) {
        trace(grant, "TOUCH");
        SimGrant holder = grant.message.newest;
        boolean held = broker.world.now() < othersFromOf(holder) || capabilities.isFenced() && grant.isNewest();
        if (holder != null && held && !grant.isOld()) {
            long nanos = leaseNanos == 0 ? holder.core.leaseTime().nanos() : leaseNanos;
            holder.othersFrom = leasedUntil(broker.nanos(), nanos);
        }
    }

    /** Whether leases end with their connection. */
    boolean endsWithConnections() {
        return capabilities.leasesEndWithConnection();
    }

    /** The broker has noticed the end of a connection, and hands out what was lent over it. */
    void disconnected(SimConnection gone) {
        for (Tracked message : inOrder) {
            SimGrant newest = message.newest;
            if (newest != null && newest.connection == gone && message.endedAs == null) {
                newest.disconnected = true;
                newest.othersFrom = Math.min(newest.othersFrom, broker.world.now());
            }
        }
    }

    /** The group was deleted: what was lent is nobody's, and all that is retained comes again. */
    void purged() {
        for (Tracked message : inOrder) {
            message.life++;
            message.newest = null;
            message.endedAs = null;
            message.endedBy = null;
        }
    }

    /** The broker has kept a message. */
    void stored(Message message, boolean duplicate) {
        switch (message.topic()) {
            case Cluster.DEAD -> deadLetters.add(message.text());
            case Cluster.TOPIC -> toBeDone.add(message.text());
            default -> derived(message.text(), duplicate);
        }
        broker.world.mark(message.sizeBytes());
        if (broker.world.isTraced()) {
            broker.world.trace(broker.name, "stores " + message);
        }
    }

    // An id is known for a time: a redelivery that comes later publishes its message once more.
    private void derived(String text, boolean duplicate) {
        long since = broker.nanos() - capabilities.duplicateWindow().toNanos();
        Long before = duplicate ? null : derived.put(text, broker.nanos());
        if (before != null && before > since) {
            broker.world.violate("P12", text + " was published again by a redelivered message");
        }
    }

    /** What is lent to somebody now. */
    List<SimGrant> leased() {
        List<SimGrant> leased = new ArrayList<>();
        for (Tracked message : inOrder) {
            SimGrant newest = message.newest;
            boolean ended = message.endedAs != null || newest == null || newest.naked || newest.purged;
            if (!ended && broker.world.now() < newest.othersFrom) {
                leased.add(newest);
            }
        }
        return leased;
    }

    /** The messages of the group that have not come to an end. */
    List<String> unsettled() {
        List<String> names = new ArrayList<>(toBeDone);
        for (Tracked message : inOrder) {
            if (message.endedAs != null) {
                names.remove(message.name);
            }
        }
        return names;
    }

    /** Whether a message of the group is kept, or was. */
    boolean isStored(String name) {
        return toBeDone.contains(name);
    }

    /** Whether the dead letter of a message is kept. */
    boolean isDeadLettered(Tracked message) {
        return deadLetters.contains(message.name);
    }

    private static long othersFromOf(@Nullable SimGrant holder) {
        return holder == null ? Long.MIN_VALUE : holder.othersFrom;
    }

    private long leasedUntil(long fromLocal, long leaseNanos) {
        return broker.trueAt(fromLocal + leaseNanos - crashNanos);
    }

    private void trace(SimGrant grant, String what) {
        broker.world.mark(what.hashCode() * 31L + grant.number);
        if (broker.world.isTraced()) {
            broker.world.trace(broker.name, "applies " + what + " of " + grant);
        }
    }

    private static String nameOf(Handout core) {
        return core.message().id().map(id -> id.value()).orElse("?");
    }

    private static String ms(long nanos) {
        return nanos / 1_000 / 1e3 + " ms";
    }
}
