package io.leasehold.test;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerHealth;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Is the line between one member and the broker. Bytes to and from a frozen member wait on it; a line that is cut
 * carries nothing to the broker any more.
 */
final class MemberLine implements Broker {
    private final Broker broker;
    private final MemberTime time;
    private final Watch watch;
    private final List<LinePort> ports = new ArrayList<>();
    private boolean cut;

    /** Hears of what goes over the line. */
    interface Watch {
        /** The broker lends a message. */
        HandedOut handsOut(Handout lent, DeliveryPort back);

        /** The broker has extended a lease. */
        void touched(HandedOut delivery);

        /** The broker was told how a delivery is settled. */
        void settles(HandedOut delivery, SettleItem item);

        /** A message is published. */
        void publishes(Message message);
    }

    MemberLine(Broker broker, MemberTime time, Watch watch) {
        this.broker = broker;
        this.time = time;
        this.watch = watch;
    }

    Watch watch() {
        return watch;
    }

    /** Sends something to the broker; it waits while the member is frozen. */
    void up(Runnable sent) {
        if (!cut) {
            time.run(sent);
        }
    }

    /** Sends something to the member; it waits while the member is frozen. */
    void down(Runnable sent) {
        time.schedule(sent);
    }

    void cut() {
        cut = true;
    }

    /** Tells the member that the lease of a delivery ended, as the broker would. */
    void tellEnded(HandedOut delivery, LeaseLoss loss) {
        forEachPort(port -> port.tellEnded(delivery, loss));
    }

    void forEachPort(Consumer<LinePort> what) {
        List.copyOf(ports).forEach(what);
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
        return new LineSession(broker.open(context));
    }

    /** Is a session at the other end of the line. */
    private final class LineSession implements BrokerSession {
        private final BrokerSession session;

        LineSession(BrokerSession session) {
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
        public Mono<Void> ready() {
            return session.ready();
        }

        @Override
        public PublishPort publishing() {
            PublishPort port = session.publishing();
            return item -> up(() -> port.publish(new LinePublish(item)));
        }

        @Override
        public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
            LinePort port = new LinePort(MemberLine.this, sink);
            port.connect(session.deliveries(group, port.receiver()));
            ports.add(port);
            return port;
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

    /** Is a publish whose answer comes over the line. */
    private final class LinePublish implements PublishItem {
        private final PublishItem item;

        LinePublish(PublishItem item) {
            this.item = item;
        }

        @Override
        public Message message() {
            return item.message();
        }

        @Override
        public MessageId id() {
            return item.id();
        }

        @Override
        public boolean isRecognisable() {
            return item.isRecognisable();
        }

        @Override
        public boolean tryWrite() {
            boolean written = item.tryWrite();
            if (written) {
                watch.publishes(item.message());
            }
            return written;
        }

        @Override
        public boolean isOpen() {
            return item.isOpen();
        }

        @Override
        public void confirmed(long sequence, boolean duplicate) {
            down(() -> item.confirmed(sequence, duplicate));
        }

        @Override
        public void failed(MessagingException error) {
            down(() -> item.failed(error));
        }
    }
}
