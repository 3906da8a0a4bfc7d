package io.leasehold;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Takes publishes and answers them when the test says so, or never; in everything else the broker behind it. */
public final class SilentBroker implements Broker {
    private final Broker behind;
    private final List<PublishItem> unanswered = new CopyOnWriteArrayList<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger ports = new AtomicInteger();

    public SilentBroker(Broker behind) {
        this.behind = behind;
    }

    /** What was written and not answered yet. */
    public List<PublishItem> unanswered() {
        return unanswered;
    }

    /** How often a client connected. */
    public int sessions() {
        return sessions.get();
    }

    /** How often a consumer connected. */
    public int ports() {
        return ports.get();
    }

    @Override
    public String name() {
        return behind.name();
    }

    @Override
    public BrokerSession open(SessionContext context) {
        sessions.incrementAndGet();
        return new Session(behind.open(context));
    }

    private final class Session implements BrokerSession, PublishPort {
        private final BrokerSession inner;

        Session(BrokerSession inner) {
            this.inner = inner;
        }

        @Override
        public Capabilities capabilities() {
            return inner.capabilities();
        }

        @Override
        public Duration smoothedRoundTrip() {
            return inner.smoothedRoundTrip();
        }

        @Override
        public PublishPort publishing() {
            return this;
        }

        @Override
        public void publish(PublishItem item) {
            if (item.tryWrite()) {
                unanswered.add(item);
            }
        }

        @Override
        public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
            ports.incrementAndGet();
            return inner.deliveries(group, sink);
        }

        @Override
        public Mono<Void> declare(RetentionSpec retention) {
            return inner.declare(retention);
        }

        @Override
        public Mono<Void> close() {
            return inner.close();
        }
    }
}
