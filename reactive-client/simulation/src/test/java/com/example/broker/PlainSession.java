package com.example.broker;

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

/** What one client uses of the broker. */
final class PlainSession implements BrokerSession, PublishPort {
    private final PlainBroker broker;
    private final SessionContext context;
    private final List<PlainPort> ports = new ArrayList<>();
    private boolean closed;

    PlainSession(PlainBroker broker, SessionContext context) {
        this.broker = broker;
        this.context = context;
    }

    @Override
    public Capabilities capabilities() {
        return PlainBroker.capabilities();
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
        broker.turn(() -> {
            if (closed) {
                item.failed(closedError());
            } else {
                broker.publish(item);
            }
        });
    }

    @Override
    public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
        capabilities().require(group);
        PlainPort port = new PlainPort(broker, this, group, sink);
        broker.turn(() -> {
            if (closed) {
                port.gone(closedError());
            } else {
                ports.add(port);
                broker.join(port);
            }
        });
        return port;
    }

    @Override
    public Mono<Void> declare(RetentionSpec retention) {
        return Mono.create(asked -> broker.turn(() -> {
            broker.keep(retention);
            asked.success();
        }));
    }

    @Override
    public Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
        return Mono.create(asked -> broker.turn(() -> asked.success(broker.remove(name))));
    }

    @Override
    public Mono<Void> close() {
        return Mono.create(asked -> broker.turn(() -> {
            end();
            asked.success();
        }));
    }

    private void end() {
        if (closed) {
            return;
        }

        closed = true;
        List.copyOf(ports).forEach(port -> port.gone(closedError()));
        broker.forget(this);
    }

    // ---- in the broker's turn

    long nanos() {
        return context.ticker().sureNanos();
    }

    boolean isClosed() {
        return closed;
    }

    void left(PlainPort port) {
        ports.remove(port);
    }

    void troubled() {
        MessagingException trouble = PlainBroker.error(ErrorCode.DISCONNECTED, "the broker was restarted");
        List.copyOf(ports).forEach(port -> port.sink().troubled(trouble));
    }

    private static MessagingException closedError() {
        return PlainBroker.error(ErrorCode.CLOSED, "the session is closed");
    }
}
