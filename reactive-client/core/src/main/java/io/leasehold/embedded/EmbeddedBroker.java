package io.leasehold.embedded;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.SessionContext;
import java.time.Clock;
import java.time.InstantSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Is a broker in this process: topics, groups with leases, redelivery, retention, duplicates and back-pressure, all in
 * memory. It needs no configuration and keeps nothing beyond the process.
 *
 * <p>A message that is published goes to each group whose filter matches its topic, and to what retains it; within a
 * group it is lent to one member at a time, members with credit taking turns. The broker has no thread of its own but
 * for its timers: whoever publishes, settles or gives credit does the work, and answers come within the call when
 * nobody else is at work. Nothing blocks. All operations may be called on any thread; those without a result take
 * effect in their turn, before the call returns unless another thread is at work.
 */
@CheckReturnValue
public final class EmbeddedBroker implements Broker {
    private final BrokerCore core;
    private final Runnable release;

    private EmbeddedBroker(BrokerCore core, Runnable release) {
        this.core = core;
        this.release = release;
    }

    /** Makes a fenced broker with the default settings and a timer thread of its own. */
    public static EmbeddedBroker create() {
        return create(EmbeddedSettings.defaults());
    }

    /** Makes a broker with a timer thread of its own, a daemon that ends with {@link #shutdown()}. */
    public static EmbeddedBroker create(EmbeddedSettings settings) {
        Scheduler own = Schedulers.newSingle("leasehold-embedded", true);
        return new EmbeddedBroker(new BrokerCore(settings, own, Clock.systemUTC()), own::dispose);
    }

    /** Makes a broker whose timers run on a scheduler that stays the caller's. */
    public static EmbeddedBroker create(EmbeddedSettings settings, Scheduler time) {
        return create(settings, time, Clock.systemUTC());
    }

    /**
     * Makes a broker whose time is all injected.
     *
     * @param time runs the timers and gives the time by which leases, delays and the duplicate window are measured;
     *     stays the caller's
     * @param clock stamps what is retained, for {@link io.leasehold.broker.StartPosition#at}, and the {@linkplain
     *     io.leasehold.lease.FencingToken#lifetime() lives} of groups
     */
    public static EmbeddedBroker create(EmbeddedSettings settings, Scheduler time, InstantSource clock) {
        return new EmbeddedBroker(new BrokerCore(settings, time, clock), () -> {});
    }

    @Override
    public String name() {
        return BrokerCore.NAME;
    }

    @Override
    public String description() {
        return "embedded, in memory: what it holds is lost at exit";
    }

    @Override
    public boolean isVolatile() {
        return true;
    }

    @Override
    public BrokerSession open(SessionContext context) {
        return core.open(context);
    }

    /**
     * Deletes a group with all that waits for it. Its leases end with {@code GROUP_GONE}, its members with the
     * error of that name. Does nothing when there is no such group.
     */
    public void deleteGroup(String name) {
        core.submit(Command.of(() -> core.delete(name)));
    }

    /**
     * Deletes a message from a group, whether it waits or is held; a lease ends with {@code MESSAGE_DELETED}. Takes
     * time in proportion to what the group has. Does nothing when there is no such group or message.
     *
     * @param ref the message, as in {@link io.leasehold.broker.Handout#ref()}
     */
    public void deleteMessage(String group, Object ref) {
        core.submit(Command.of(() -> core.delete(group, ref)));
    }

    /**
     * Behaves as if the broker had been restarted with all that it keeps: ports are {@linkplain
     * io.leasehold.broker.DeliverySink#troubled told} ({@code DISCONNECTED}) and go on, with the credit they had,
     * since a port holds to its credit over all connections. {@link EmbeddedMode#FENCED}: leases and delays stay
     * exact. {@link EmbeddedMode#NATS_LIKE}: of each lease and each nak delay, the instant at which a lease that
     * ends then would have begun is kept in whole seconds of the scheduler's clock, so that it is cut by less than
     * a second. Where leases belong to connections they end.
     */
    public void restart() {
        core.submit(Command.of(core::restart));
    }

    /**
     * Behaves as if another server of a cluster kept the leases from now on: members are told that their leases
     * {@linkplain io.leasehold.broker.DeliverySink#moved() have moved}, and as much is cut off each lease as by a
     * {@link #restart()}. Connections stay.
     */
    public void changeLeader() {
        core.submit(Command.of(core::changeLeader));
    }

    /**
     * Breaks the connections of a client, which connects again at once: its ports are told ({@code DISCONNECTED}) and
     * go on. Where leases {@linkplain io.leasehold.broker.Capabilities#leasesEndWithConnection() end with their
     * connection} they end ({@code CONNECTION_LOST}), and what was lent is handed out again. Does nothing when there is
     * no such client.
     *
     * @param client its name, as in {@link SessionContext#clientName()}
     */
    public void disconnect(String client) {
        core.submit(Command.of(() -> core.disconnect(client)));
    }

    /**
     * Takes from a client what it holds of a group, as a broker does that shares a group anew among its members: its
     * leases end ({@code REVOKED}), and the messages are handed out again, to others first where they have credit.
     * Does nothing when there is no such client or group.
     *
     * @param client its name, as in {@link SessionContext#clientName()}
     */
    public void revoke(String group, String client) {
        core.submit(Command.of(() -> core.revoke(group, client)));
    }

    /** Returns what the broker has in hand. */
    public EmbeddedStats stats() {
        return core.stats();
    }

    /**
     * Ends all sessions ({@code CLOSED}), forgets the timers and ends the broker's own timer thread if it has one.
     * Sessions that are opened later are closed from the start. Repeatable.
     */
    public void shutdown() {
        core.submit(Command.of(() -> {
            core.shutDown();
            release.run();
        }));
    }
}
