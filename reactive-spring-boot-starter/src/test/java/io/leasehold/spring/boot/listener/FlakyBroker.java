package io.leasehold.spring.boot.listener;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A broker that refuses the first subscriptions of each group. */
final class FlakyBroker implements Broker {
    private final EmbeddedBroker broker = EmbeddedBroker.create();
    private final ErrorCode code;
    private final AtomicInteger refusals;

    FlakyBroker(ErrorCode code, int refusals) {
        this.code = code;
        this.refusals = new AtomicInteger(refusals);
    }

    int refusalsLeft() {
        return refusals.get();
    }

    void shutdown() {
        broker.shutdown();
    }

    @Override
    public String name() {
        return broker.name();
    }

    @Override
    public BrokerSession open(SessionContext context) {
        return new Session(broker.open(context));
    }

    private final class Session implements BrokerSession {
        private final BrokerSession session;

        Session(BrokerSession session) {
            this.session = session;
        }

        @Override
        public Capabilities capabilities() {
            return session.capabilities();
        }

        @Override
        public Duration smoothedRoundTrip() {
            return session.smoothedRoundTrip();
        }

        @Override
        public PublishPort publishing() {
            return session.publishing();
        }

        @Override
        public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
            if (refusals.getAndDecrement() > 0) {
                throw new MessagingException(code, "planted", group.name(), "wait");
            }
            return session.deliveries(group, sink);
        }

        @Override
        public Mono<Void> declare(RetentionSpec retention) {
            return session.declare(retention);
        }

        @Override
        public Mono<Void> close() {
            return session.close();
        }
    }
}
