package io.leasehold.test;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.Handout;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.TouchItem;
import io.leasehold.message.Message;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Is the end of a membership in a group that a member sees. While the member is frozen the broker has no credit of it:
 * what it was handed before waits, and nothing new is lent to it.
 */
final class LinePort implements DeliveryPort {
    private final MemberLine line;
    private final DeliverySink sink;
    private final IdentityHashMap<Object, HandedOut> lent = new IdentityHashMap<>();
    private @Nullable DeliveryPort port;
    private long total;
    private long emitted;

    LinePort(MemberLine line, DeliverySink sink) {
        this.line = line;
        this.sink = sink;
    }

    void connect(DeliveryPort brokersEnd) {
        port = brokersEnd;
    }

    private DeliveryPort port() {
        return Objects.requireNonNull(port, "a message was handed out before its port was there");
    }

    DeliverySink receiver() {
        return new Receiver();
    }

    void withdrawCredit() {
        port().credit(emitted);
    }

    void renewCredit() {
        port().credit(total);
    }

    /** Tells the member something that the broker never says by itself here, or says to others. */
    void tellEnded(HandedOut delivery, LeaseLoss loss) {
        if (!lent.containsValue(delivery)) {
            return;
        }

        if (loss == LeaseLoss.CONNECTION_LOST) {
            line.down(sink::connectionLost);
        } else {
            line.down(() -> sink.ended(delivery.ref(), null, loss));
        }
    }

    @Override
    public void credit(long newTotal) {
        total = newTotal;
        line.up(() -> port().credit(total));
    }

    @Override
    public long waiting() {
        return port().waiting();
    }

    @Override
    public Mono<Long> backlog() {
        return port().backlog();
    }

    @Override
    public void stop() {
        line.up(() -> port().stop());
    }

    @Override
    public void settle(List<? extends SettleItem> items) {
        List<Settling> watched = items.stream().map(Settling::new).toList();
        line.up(() -> port().settle(watched));
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        List<Touching> watched = items.stream().map(Touching::new).toList();
        line.up(() -> port().touch(watched));
    }

    @Override
    public void abort() {
        line.up(() -> port().abort());
    }

    /** Hears the broker; the member hears it over the line. */
    private final class Receiver implements DeliverySink {
        @Override
        public void begun(long leaseNanos) {
            line.down(() -> sink.begun(leaseNanos));
        }

        @Override
        public void delivered(Handout handout) {
            emitted++;
            HandedOut delivery = line.watch().handsOut(handout, LinePort.this);
            lent.put(handout.receipt(), delivery);
            line.down(() -> sink.delivered(delivery));
        }

        @Override
        public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
            line.down(() -> sink.ended(ref, newer, loss));
        }

        @Override
        public void connectionLost() {
            line.down(sink::connectionLost);
        }

        @Override
        public void shortened(long leaseNanos) {
            line.down(() -> sink.shortened(leaseNanos));
        }

        @Override
        public void moved() {
            line.down(sink::moved);
        }

        @Override
        public void givenUp(Object ref, Message message, int deliveries) {
            line.down(() -> sink.givenUp(ref, message, deliveries));
        }

        @Override
        public void troubled(MessagingException trouble) {
            line.down(() -> sink.troubled(trouble));
        }

        @Override
        public void deleted(MessagingException error) {
            line.down(() -> sink.deleted(error));
        }

        @Override
        public void gone(MessagingException error) {
            line.down(() -> sink.gone(error));
        }
    }

    /** Is a settlement on its way. */
    private final class Settling implements SettleItem {
        private final SettleItem item;

        Settling(SettleItem item) {
            this.item = item;
        }

        @Override
        public Object receipt() {
            return item.receipt();
        }

        @Override
        public SettleVerb verb() {
            return item.verb();
        }

        @Override
        public long delayNanos() {
            return item.delayNanos();
        }

        @Override
        public @Nullable String reason() {
            return item.reason();
        }

        @Override
        public boolean isRelease() {
            return item.isRelease();
        }

        @Override
        public boolean tryWrite() {
            return item.tryWrite();
        }

        @Override
        public boolean wantsAnswer() {
            return item.wantsAnswer();
        }

        @Override
        public boolean isOpen() {
            return item.isOpen();
        }

        @Override
        public void postponed() {
            item.postponed();
        }

        @Override
        public void written() {
            HandedOut delivery = lent.get(receipt());
            if (delivery != null) {
                line.watch().settles(delivery, item);
            }
            item.written();
        }

        @Override
        public void done() {
            item.done();
        }

        @Override
        public void refused(LeaseLoss loss) {
            item.refused(loss);
        }
    }

    /** Is a touch on its way. */
    private final class Touching implements TouchItem {
        private final TouchItem item;

        Touching(TouchItem item) {
            this.item = item;
        }

        @Override
        public Object receipt() {
            return item.receipt();
        }

        @Override
        public boolean tryWrite() {
            return item.tryWrite();
        }

        @Override
        public boolean isOpen() {
            return item.isOpen();
        }

        @Override
        public void confirmed(long leaseNanos) {
            HandedOut delivery = lent.get(receipt());
            if (delivery != null) {
                line.watch().touched(delivery);
            }
            item.confirmed(leaseNanos);
        }

        @Override
        public void refused(LeaseLoss loss) {
            item.refused(loss);
        }
    }
}
