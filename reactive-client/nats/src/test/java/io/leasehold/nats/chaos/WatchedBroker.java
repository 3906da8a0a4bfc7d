package io.leasehold.nats.chaos;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerHealth;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A broker as it is, with a witness at the door: which deliveries come in, and which settlements go out, and when. */
final class WatchedBroker implements Broker {
    private final Broker broker;
    private final Witness witness;

    WatchedBroker(Broker broker, Witness witness) {
        this.broker = broker;
        this.witness = witness;
    }

    @Override
    public String name() {
        return broker.name();
    }

    @Override
    public String description() {
        return broker.description();
    }

    @Override
    public boolean isVolatile() {
        return broker.isVolatile();
    }

    @Override
    public BrokerSession open(SessionContext context) {
        return new Session(broker.open(context), context.clientName(), witness);
    }

    private record Session(BrokerSession session, String who, Witness witness) implements BrokerSession {
        @Override
        public Capabilities capabilities() {
            return session.capabilities();
        }

        @Override
        public Duration smoothedRoundTrip() {
            return session.smoothedRoundTrip();
        }

        @Override
        public Mono<Void> ready() {
            return session.ready();
        }

        @Override
        public PublishPort publishing() {
            return session.publishing();
        }

        @Override
        public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
            WatchedWay way = new WatchedWay(witness, who, group.name());
            DeliveryPort port = session.deliveries(group, new Sink(sink, way));
            return way.through(port);
        }

        @Override
        public Mono<Void> declare(RetentionSpec retention) {
            return session.declare(retention);
        }

        @Override
        public Mono<Boolean> deleteGroup(TopicFilter filter, String name) {
            return session.deleteGroup(filter, name);
        }

        @Override
        public Duration unheard() {
            return session.unheard();
        }

        @Override
        public BrokerHealth health() {
            return session.health();
        }

        @Override
        public Mono<Void> close() {
            return session.close();
        }
    }

    private record Sink(DeliverySink sink, WatchedWay way) implements DeliverySink {
        @Override
        public void begun(long leaseNanos) {
            sink.begun(leaseNanos);
        }

        @Override
        public void delivered(Handout handout) {
            sink.delivered(way.handed(handout));
        }

        @Override
        public void ended(Object ref, FencingToken newer, LeaseLoss loss) {
            sink.ended(ref, newer, loss);
        }

        @Override
        public void shortened(long leaseNanos) {
            sink.shortened(leaseNanos);
        }

        @Override
        public void moved() {
            sink.moved();
        }

        @Override
        public void givenUp(Object ref, Message message, int deliveries) {
            sink.givenUp(ref, message, deliveries);
        }

        @Override
        public void connectionLost() {
            sink.connectionLost();
        }

        @Override
        public void troubled(MessagingException trouble) {
            sink.troubled(trouble);
        }

        @Override
        public void deleted(MessagingException error) {
            sink.deleted(error);
        }

        @Override
        public void gone(MessagingException error) {
            sink.gone(error);
        }
    }
}
