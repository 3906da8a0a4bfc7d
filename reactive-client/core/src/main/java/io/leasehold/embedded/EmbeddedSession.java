package io.leasehold.embedded;

import io.leasehold.broker.BrokerHealth;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Is what one client uses of the broker. */
final class EmbeddedSession implements BrokerSession, PublishPort {
    private final BrokerCore core;
    private final SessionState state;

    // Confined to the broker's turn.
    private final OwnRepetitions repetitions;
    private final List<EmbeddedPort> ports = new ArrayList<>(2);

    EmbeddedSession(BrokerCore core, SessionContext context) {
        this.core = core;
        this.state = new SessionState(context);
        this.repetitions = new OwnRepetitions(core.ownRepetitionsMax());
    }

    @Override
    public Capabilities capabilities() {
        return core.capabilities();
    }

    @Override
    public Duration smoothedRoundTrip() {
        return Duration.ZERO;
    }

    @Override
    public PublishPort publishing() {
        return this;
    }

    @Override
    public void publish(PublishItem item) {
        core.submit(new PublishCommand(this, item));
    }

    @Override
    public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
        requireName(group);
        core.capabilities().require(group);
        EmbeddedPort port = new EmbeddedPort(this, group, sink);
        core.submit(Command.of(() -> open(port)));
        return port;
    }

    private static void requireName(GroupSpec group) {
        if (group.name().isBlank()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING, "a group name is blank", "group", "give the group a name");
        }
    }

    private void open(EmbeddedPort port) {
        if (state.isClosed()) {
            port.gone(state.closedError());
        } else {
            ports.add(port);
            core.join(port);
        }
    }

    @Override
    public Mono<Void> declare(RetentionSpec retention) {
        return Mono.create(sink -> core.submit(Command.of(() -> declare(retention, sink))));
    }

    private void declare(RetentionSpec retention, MonoSink<Void> sink) {
        if (state.isClosed()) {
            sink.error(state.closedError());
            return;
        }

        try {
            core.routes().keep(retention);
            sink.success();
        } catch (MessagingException refused) {
            sink.error(refused);
        }
    }

    @Override
    public BrokerHealth health() {
        String remark = core.publishes().fullness().remark();
        return remark == null ? BrokerHealth.WELL : new BrokerHealth(true, List.of(remark));
    }

    @Override
    public Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
        return Mono.create(sink -> core.submit(Command.of(() -> {
            Group group = core.routes().group(name);
            boolean there = group != null && group.suits(filter);
            if (there) {
                core.delete(name);
            }
            sink.success(there);
        })));
    }

    @Override
    public Mono<Void> close() {
        return Mono.create(sink -> core.submit(Command.of(() -> {
            end();
            sink.success();
        })));
    }

    BrokerCore core() {
        return core;
    }

    SessionState state() {
        return state;
    }

    // ---- in the broker's turn

    /**
     * Leaves all groups, which is told to those who have not left by themselves, and fails what waits; what is held
     * stays so until it runs out. Repeatable.
     */
    void end() {
        if (isClosed()) {
            return;
        }

        state.close();
        List.copyOf(ports).forEach(port -> port.gone(state.closedError()));
        core.publishes().end(this);
        core.forget(this);
        core.freeLeasesOf(this, List.of());
    }

    /**
     * Behaves as if its connection had broken and were there again: leases that belong to the connection end, which
     * their holders hear first.
     */
    void disconnect() {
        MessagingException trouble = new MessagingException(
                ErrorCode.DISCONNECTED, "the broker was restarted", BrokerCore.NAME, "nothing: deliveries go on");
        List<Member> members = ports.stream().map(EmbeddedPort::member).toList();

        members.forEach(member -> member.troubled(trouble));
        core.freeLeasesOf(this, members);
    }

    /** Tells all members that their leases have moved. */
    void moved() {
        List.copyOf(ports).forEach(port -> port.member().moved());
    }

    /** Returns what it has published, as far as that is remembered. */
    OwnRepetitions repetitions() {
        return repetitions;
    }

    void forget(EmbeddedPort port) {
        ports.remove(port);
    }

    /** Forgets the ports that were told that their group is gone. */
    void forgetGone() {
        ports.removeIf(port -> port.member().isGone());
    }

    boolean isClosed() {
        return state.isClosed();
    }
}
