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
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** What one client uses of the broker. */
final class EmbeddedSession implements BrokerSession, PublishPort {
    private final Exchange exchange;
    private final SessionContext context;

    // Confined to the broker's turn.
    private final List<EmbeddedPort> ports = new ArrayList<>(2);
    private boolean closed;

    EmbeddedSession(Exchange exchange, SessionContext context) {
        this.exchange = exchange;
        this.context = context;
    }

    @Override
    public Capabilities capabilities() {
        return exchange.capabilities();
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
        exchange.submit(new Publication(this, item));
    }

    @Override
    public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
        requireName(group);
        EmbeddedPort port = new EmbeddedPort(this, group, sink);
        exchange.submit(Command.of(() -> open(port)));
        return port;
    }

    private static void requireName(GroupSpec group) {
        if (group.name().isBlank()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING, "a group name is blank", "group", "give the group a name");
        }
    }

    private void open(EmbeddedPort port) {
        if (closed) {
            port.gone(closedError());
        } else {
            ports.add(port);
            exchange.join(port);
        }
    }

    @Override
    public Mono<Void> declare(RetentionSpec retention) {
        return Mono.create(sink -> {
            EmbeddedSettings.Builder.check(retention);
            exchange.submit(Command.of(() -> declare(retention, sink)));
        });
    }

    private void declare(RetentionSpec retention, MonoSink<Void> sink) {
        if (closed) {
            sink.error(closedError());
            return;
        }
        try {
            exchange.routes().keep(retention);
            sink.success();
        } catch (MessagingException refused) {
            sink.error(refused);
        }
    }

    @Override
    public BrokerHealth health() {
        String remark = exchange.intake().fullness().remark();
        return remark == null ? BrokerHealth.WELL : new BrokerHealth(true, List.of(remark));
    }

    @Override
    public Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
        return Mono.create(sink -> exchange.submit(Command.of(() -> {
            Group group = exchange.routes().group(name);
            boolean there = group != null && group.suits(filter);
            if (there) {
                exchange.delete(name);
            }
            sink.success(there);
        })));
    }

    @Override
    public Mono<Void> close() {
        return Mono.create(sink -> exchange.submit(Command.of(() -> {
            end();
            sink.success();
        })));
    }

    /**
     * Leaves all groups, which is told to those who have not left by themselves, and fails what waits; what is held
     * stays so until it runs out. Repeatable.
     */
    void end() {
        if (closed) {
            return;
        }
        closed = true;
        List.copyOf(ports).forEach(port -> port.gone(closedError()));
        exchange.intake().end(this);
        exchange.forget(this);
        exchange.freeLeasesOf(this, List.of());
    }

    String clientName() {
        return context.clientName();
    }

    /** Its connection breaks, and is there again: leases that belong to it end, which their holders hear first. */
    void disconnect() {
        troubled();
        exchange.freeLeasesOf(this, ports);
    }

    /** Tells all ports that the broker was away. */
    void troubled() {
        MessagingException trouble = new MessagingException(
                ErrorCode.DISCONNECTED, "the broker was restarted", exchange.name(), "nothing: deliveries go on");
        List.copyOf(ports).forEach(port -> port.troubled(trouble));
    }

    void forget(EmbeddedPort port) {
        ports.remove(port);
    }

    Exchange exchange() {
        return exchange;
    }

    boolean isClosed() {
        return closed;
    }

    long clientNanos() {
        return context.ticker().sureNanos();
    }

    void fault(Throwable fault) {
        try {
            context.recorder().fault(fault);
        } catch (Throwable recorderFault) {
            // Nobody is left to tell; the broker must go on.
            Exceptions.throwIfJvmFatal(recorderFault);
        }
    }

    void reportGivenUp(Grant last) {
        String group = last.held().group().name();
        Map<String, Object> details = Map.of(
                "topic", last.message().topic(),
                "id", last.message().id().map(Object::toString).orElse(""),
                "deliveryCount", last.deliveryCount(),
                "releases", last.held().releases());
        try {
            context.recorder()
                    .event(new MessagingEvent(
                            MessagingEvent.Kind.TERMINATED, group, ErrorCode.NEVER_FINISHED, details));
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    private MessagingException closedError() {
        return new MessagingException(
                ErrorCode.CLOSED, "the session is closed", context.clientName(), "open another one");
    }
}
