package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.SerialLine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.scheduler.Scheduler;

/**
 * Runs the broker. Everything that the broker knows is confined to its turns: commands are taken one at a time, in
 * order, by whichever thread finds nobody at work. It has no thread of its own; the scheduler only tells it that time
 * has passed.
 *
 * <pre>
 *   publish ──► PublishCommand ─┐
 *   settle, touch, credit ──────┼─► turn ─► PublishQueue ─► Route ─► Group ─► Member ─► DeliverySink
 *   timer due ──────────────────┘         `─► SettlementRules ─────────^
 * </pre>
 */
final class BrokerCore {
    static final String NAME = "leasehold_embedded";

    private final EmbeddedSettings settings;
    private final InstantSource clock;
    private final SettlementRules rules;
    private final Capacity capacity;
    private final Routes routes = new Routes();
    private final PublishQueue publishes;
    private final ExpiryTimers timers;
    private final Set<EmbeddedSession> sessions = new LinkedHashSet<>();
    private final SerialLine<Command> commands = new SerialLine<>(this::turn, () -> {}, this::fault);
    private long lives;
    private boolean closed;

    BrokerCore(EmbeddedSettings settings, Scheduler time, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.rules = rulesOf(settings.plays());
        this.capacity = new Capacity(settings);
        this.timers = new ExpiryTimers(time, this::submit, this::fault);
        this.publishes = new PublishQueue(settings, clock, capacity, routes, timers);
        settings.retentions().forEach(routes::keep);
    }

    /** Has a command run in its turn: now, or when whoever is at work gets to it. May be called on any thread. */
    void submit(Command command) {
        commands.add(command);
    }

    private void turn(Command command) {
        command.take();
        publishes.admitWaiting();
    }

    Capabilities capabilities() {
        return settings.plays().duplicateWindow(settings.duplicateWindow());
    }

    int ownRepetitionsMax() {
        return settings.duplicateIds();
    }

    private SettlementRules rulesOf(Capabilities plays) {
        return switch (plays.fencing()) {
            case TOLD -> new FencedRules(plays.answersAll(), this::submit);
            case SILENT ->
                new SilentlyFencedRules(new FencedRules(plays.answersAll(), this::submit), plays.answersAll());
            case NONE -> new UnfencedRules();
        };
    }

    SettlementRules rules() {
        return rules;
    }

    Routes routes() {
        return routes;
    }

    PublishQueue publishes() {
        return publishes;
    }

    /** Returns what it has in hand; may be asked on any thread. */
    EmbeddedStats stats() {
        List<EmbeddedStats.Group> groups =
                routes.groups().stream().map(Group::stats).toList();
        return new EmbeddedStats(capacity.messages(), capacity.bytes(), publishes.waiting(), groups);
    }

    // ---- sessions

    /** Opens a session; may be called on any thread. */
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

    /** Ends all sessions, those that are opened later, too, and waits for nothing any more. */
    void shutDown() {
        closed = true;
        List.copyOf(sessions).forEach(EmbeddedSession::end);
        timers.stop();
    }

    /** Tells a defect, here or in a callback, to all that are connected. The broker goes on. */
    void fault(Throwable fault) {
        sessions.forEach(session -> session.state().fault(fault));
    }

    // ---- groups

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
        if (!known.suits(spec.filter())) {
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
        Group group = new Group(spec, lives, settings, capacity, timers, this::delete);

        routes.add(group);
        routes.fill(group, spec.start());

        return group;
    }

    /** Deletes a group; does nothing when there is none of that name. */
    void delete(String groupName) {
        Group group = routes.remove(groupName);
        if (group != null) {
            group.dissolve();
            sessions.forEach(EmbeddedSession::forgetGone);
        }
    }

    /** Deletes a message of a group; does nothing when there is none of that name. */
    void delete(String groupName, Object ref) {
        Group group = routes.group(groupName);
        if (group != null && ref instanceof Long sequence) {
            group.delete(sequence);
        }
    }

    /** Takes what a client holds of a group from it; does nothing when there is no group of that name. */
    void revoke(String groupName, String client) {
        Group group = routes.group(groupName);
        if (group != null) {
            group.revoke(client);
        }
    }

    // ---- what breaks

    /** Does what a restart does to what is held, and to those who are connected. */
    void restart() {
        cutLeases();
        List.copyOf(sessions).forEach(EmbeddedSession::disconnect);
    }

    /** Does what another leader does to what is held, and tells those who hold it. */
    void changeLeader() {
        cutLeases();
        List.copyOf(sessions).forEach(EmbeddedSession::moved);
    }

    private void cutLeases() {
        timers.changeAll(entry -> {
            if (entry instanceof PendingMessage message) {
                message.dueAt(dueAfterRestart(message.dueNanos(), message.leaseNanos()));
            }
        });
    }

    // What is kept of a lease is when it began, in whole multiples of the allowance.
    private long dueAfterRestart(long dueNanos, long leaseNanos) {
        long grain = settings.plays().crashAllowance().toNanos();
        long began = dueNanos - leaseNanos;
        return grain == 0 ? dueNanos : Math.floorDiv(began, grain) * grain + leaseNanos;
    }

    /** Breaks the connections of a client. */
    void disconnect(String client) {
        List.copyOf(sessions).stream()
                .filter(session -> session.state().clientName().equals(client))
                .forEach(EmbeddedSession::disconnect);
    }

    /**
     * Ends what was lent over a connection that has ended, where leases belong to connections: it is handed out again,
     * after its holders were told.
     *
     * @param open the members to be told beside those that hold something, although they may have stopped
     */
    void freeLeasesOf(EmbeddedSession session, List<Member> open) {
        if (!settings.plays().leasesEndWithConnection()) {
            return;
        }

        List<PendingMessage> lent = new ArrayList<>();
        Set<Member> told = new LinkedHashSet<>(open);
        timers.forEach(entry -> {
            if (entry instanceof PendingMessage message && message.isLentTo(session.state())) {
                lent.add(message);
                told.add(message.taker());
            }
        });

        if (!session.isClosed()) {
            told.forEach(Member::connectionLost);
        }

        Set<Group> groups = new LinkedHashSet<>();
        for (PendingMessage message : lent) {
            message.group().disconnect(message);
            groups.add(message.group());
        }
        groups.forEach(Group::dispatch);
    }
}
