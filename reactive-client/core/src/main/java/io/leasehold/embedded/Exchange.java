package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseTime;
import io.leasehold.pace.SerialLine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.scheduler.Scheduler;

/**
 * The broker at work. Everything it knows is confined to its turns: commands are taken one at a time, in order, by
 * whichever thread finds nobody at work. It has no thread of its own; the scheduler only tells it that time has
 * passed.
 */
final class Exchange {
    static final String NAME = "leasehold_embedded";

    private final EmbeddedSettings settings;
    private final InstantSource clock;
    private final List<LeaseTime> leaseBackoff;
    private final Fence fence;
    private final Room room;
    private final Routes routes = new Routes();
    private final Intake intake;
    private final ExpiryTimers timers;
    private final Set<EmbeddedSession> sessions = new LinkedHashSet<>();
    private final SerialLine<Command> commands = new SerialLine<>(this::turn, () -> {}, this::fault);
    private long lives;
    private boolean closed;

    Exchange(EmbeddedSettings settings, Scheduler time, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.leaseBackoff =
                settings.leaseBackoff().stream().map(LeaseTime::renewable).toList();
        this.fence = Fence.of(settings.plays());
        this.room = new Room(settings);
        this.intake = new Intake(settings, clock, this);
        this.timers = new ExpiryTimers(time, this);
        settings.retentions().forEach(routes::keep);
    }

    /** Has a command run in its turn: now, or when whoever is at work gets to it. */
    void submit(Command command) {
        commands.add(command);
    }

    private void turn(Command command) {
        command.take();
        intake.admitWaiting();
    }

    EmbeddedSession open(SessionContext context) {
        EmbeddedSession session = new EmbeddedSession(this, context);
        submit(Command.of(() -> admit(session)));
        return session;
    }

    private void admit(EmbeddedSession session) {
        sessions.add(session);
        if (closed) {
            session.end();
        }
    }

    void forget(EmbeddedSession session) {
        sessions.remove(session);
    }

    /** Makes a port a member of its group, which is made when there is none. */
    void join(EmbeddedPort port) {
        try {
            port.join(groupFor(port.spec()));
        } catch (MessagingException refused) {
            port.gone(refused);
        }
    }

    private Group groupFor(GroupSpec spec) {
        Group known = routes.group(spec.name());
        if (known == null) {
            return create(spec);
        }
        if (!known.suits(spec)) {
            throw new MessagingException(
                    ErrorCode.GROUP_MISMATCH,
                    "the group exists with another topic filter than " + spec.filter(),
                    spec.name(),
                    "use its filter, another name, or delete the group first");
        }
        return known;
    }

    private Group create(GroupSpec spec) {
        // Larger than in any earlier life of the group, also in an earlier process, as far as the clock goes forward.
        lives = Math.max(lives + 1, clock.millis());
        Group group = new Group(this, spec, lives);
        routes.add(group);
        routes.fill(group, spec.start());
        return group;
    }

    void delete(String groupName) {
        Group group = routes.remove(groupName);
        if (group != null) {
            group.dissolve();
        }
    }

    void delete(String groupName, Object ref) {
        Group group = routes.group(groupName);
        if (group != null && ref instanceof Long sequence) {
            group.delete(sequence);
        }
    }

    /** What a restart does to what is held, and to those who are connected. */
    void restart() {
        timers.changeAll(timed -> {
            if (timed instanceof Held message) {
                message.dueAt(dueAfterRestart(message.dueNanos(), Group.leaseNanos(message)));
            }
        });
        List.copyOf(sessions).forEach(EmbeddedSession::disconnect);
    }

    // What is kept of a lease is when it began, in whole multiples of the allowance.
    private long dueAfterRestart(long dueNanos, long leaseNanos) {
        long grain = settings.plays().crashAllowance().toNanos();
        long began = dueNanos - leaseNanos;
        return grain == 0 ? dueNanos : Math.floorDiv(began, grain) * grain + leaseNanos;
    }

    /** The connections of a client break. */
    void disconnect(String client) {
        List.copyOf(sessions).stream()
                .filter(session -> session.clientName().equals(client))
                .forEach(EmbeddedSession::disconnect);
    }

    /**
     * A connection has ended: where leases belong to connections, what was lent over it is handed out again, after its
     * holders were told.
     *
     * @param open the ports to be told beside those that hold something, although they may have stopped
     */
    void freeLeasesOf(EmbeddedSession session, List<EmbeddedPort> open) {
        if (!settings.plays().leasesEndWithConnection()) {
            return;
        }
        List<Held> lent = new ArrayList<>();
        Set<EmbeddedPort> told = new LinkedHashSet<>(open);
        timers.forEach(timed -> {
            if (timed instanceof Held message && message.isLentTo(session)) {
                lent.add(message);
                told.add(message.taker());
            }
        });
        if (!session.isClosed()) {
            told.forEach(EmbeddedPort::connectionLost);
        }
        lent.forEach(message -> message.group().disconnect(message));
        Set<Group> groups = new LinkedHashSet<>();
        lent.forEach(message -> groups.add(message.group()));
        groups.forEach(Group::dispatch);
    }

    void shutDown() {
        closed = true;
        List.copyOf(sessions).forEach(EmbeddedSession::end);
        timers.stop();
    }

    /** A defect, here or in a callback: told to all that are connected. The broker goes on. */
    void fault(Throwable fault) {
        sessions.forEach(session -> session.fault(fault));
    }

    String name() {
        return NAME;
    }

    Capabilities capabilities() {
        return settings.plays().duplicateWindow(settings.duplicateWindow());
    }

    /** May be asked on any thread. */
    EmbeddedStats stats() {
        List<EmbeddedStats.Group> groups =
                routes.groups().stream().map(Group::stats).toList();
        return new EmbeddedStats(room.messages(), room.bytes(), intake.waiting(), groups);
    }

    EmbeddedSettings settings() {
        return settings;
    }

    List<LeaseTime> leaseBackoff() {
        return leaseBackoff;
    }

    Fence fence() {
        return fence;
    }

    Room room() {
        return room;
    }

    Routes routes() {
        return routes;
    }

    Intake intake() {
        return intake;
    }

    ExpiryTimers timers() {
        return timers;
    }
}
