package io.leasehold.nats.chaos;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.Handout;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.TouchItem;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.List;
import reactor.core.publisher.Mono;

/** The way of one group's deliveries into a client, and of their settlements out of it. */
final class WatchedWay {
    private final Witness witness;
    private final String who;
    private final String group;
    private volatile Back back;

    WatchedWay(Witness witness, String who, String group) {
        this.witness = witness;
        this.who = who;
        this.group = group;
    }

    Handout handed(Handout handout) {
        Watched watched = new Watched(handout);
        note(watched, Fact.What.HANDED, handout.anchorNanos(), "count " + handout.deliveryCount());
        return watched;
    }

    // One for all: settlements of one port are written together.
    private Settlement back(Settlement settlement) {
        if (back == null) {
            back = new Back(settlement);
        }
        return back;
    }

    private void note(Watched watched, Fact.What what, long more, String note) {
        witness.saw(new Fact(
                System.nanoTime(),
                who,
                what,
                group,
                watched.id(),
                watched.token().sequence(),
                more,
                note));
    }

    DeliveryPort through(DeliveryPort port) {
        return new Port(port);
    }

    private final class Watched implements Handout {
        private final Handout handout;

        Watched(Handout handout) {
            this.handout = handout;
        }

        String id() {
            return message().id().map(MessageId::value).orElse("");
        }

        @Override
        public Object ref() {
            return handout.ref();
        }

        @Override
        public Message message() {
            return handout.message();
        }

        @Override
        public int releases() {
            return handout.releases();
        }

        @Override
        public Settlement settlement() {
            return back(handout.settlement());
        }

        @Override
        public Object receipt() {
            return this;
        }

        @Override
        public LeaseTime leaseTime() {
            return handout.leaseTime();
        }

        @Override
        public long anchorNanos() {
            return handout.anchorNanos();
        }

        @Override
        public long touchByNanos() {
            return handout.touchByNanos();
        }

        @Override
        public FencingToken token() {
            return handout.token();
        }

        @Override
        public int deliveryCount() {
            return handout.deliveryCount();
        }
    }

    private class Back implements Settlement {
        private final Settlement settlement;

        Back(Settlement settlement) {
            this.settlement = settlement;
        }

        @Override
        public void settle(List<? extends SettleItem> items) {
            settlement.settle(items.stream().map(Settle::new).toList());
        }

        @Override
        public void settle(SettleItem item) {
            settlement.settle(new Settle(item));
        }

        @Override
        public void touch(List<? extends TouchItem> items) {
            settlement.touch(items.stream().map(Touching::new).toList());
        }

        @Override
        public void abort() {
            witness.saw(Fact.of(who, Fact.What.REMARK, "aborted: a nak of " + group + " went unanswered"));
            settlement.abort();
        }
    }

    private final class Port extends Back implements DeliveryPort {
        private final DeliveryPort port;

        Port(DeliveryPort port) {
            super(port);
            this.port = port;
        }

        @Override
        public void credit(long total) {
            port.credit(total);
        }

        @Override
        public long waiting() {
            return port.waiting();
        }

        @Override
        public Mono<Long> backlog() {
            return port.backlog();
        }

        @Override
        public void stop() {
            port.stop();
        }
    }

    private final class Settle implements SettleItem {
        private final SettleItem item;

        Settle(SettleItem item) {
            this.item = item;
        }

        @Override
        public Object receipt() {
            return ((Watched) item.receipt()).handout.receipt();
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
        public String reason() {
            return item.reason();
        }

        @Override
        public boolean isRelease() {
            return item.isRelease();
        }

        @Override
        public boolean tryWrite() {
            boolean may = item.tryWrite();
            if (may) {
                String note = item.verb() + (item.delayNanos() > 0 ? " after " + item.delayNanos() / 1_000_000 : "");
                note((Watched) item.receipt(), Fact.What.WRITTEN, 0, note);
            }
            return may;
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

    private final class Touching implements TouchItem {
        private final TouchItem item;

        Touching(TouchItem item) {
            this.item = item;
        }

        @Override
        public Object receipt() {
            return ((Watched) item.receipt()).handout.receipt();
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
            note((Watched) item.receipt(), Fact.What.TOUCHED, 0, "");
            item.confirmed(leaseNanos);
        }

        @Override
        public void refused(LeaseLoss loss) {
            item.refused(loss);
        }
    }
}
