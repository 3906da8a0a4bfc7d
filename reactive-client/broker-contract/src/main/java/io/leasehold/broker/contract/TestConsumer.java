package io.leasehold.broker.contract;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A member of a group that remembers what it is told, and settles when a test says so. */
public final class TestConsumer implements DeliverySink {
    /** The end of a lease as the broker told it. */
    public record Ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {}

    private final List<Handout> handouts = new CopyOnWriteArrayList<>();
    private final List<Long> arrivals = new CopyOnWriteArrayList<>();
    private final List<Ended> ends = new CopyOnWriteArrayList<>();
    private final List<Duration> shortened = new CopyOnWriteArrayList<>();
    private final List<Message> givenUp = new CopyOnWriteArrayList<>();
    private final List<ErrorCode> troubles = new CopyOnWriteArrayList<>();
    private final List<ErrorCode> gone = new CopyOnWriteArrayList<>();
    private final List<TestSettle> settles = new ArrayList<>();
    private final List<TestTouch> touches = new ArrayList<>();
    private final BenchClock clock;
    private final boolean answersAll;
    private final DeliveryPort port;
    private long credit;
    private volatile boolean closed;
    private final AtomicInteger connectionsLost = new AtomicInteger();
    private final AtomicInteger moves = new AtomicInteger();
    private final AtomicInteger afterClose = new AtomicInteger();

    TestConsumer(BrokerSession session, GroupSpec spec, BenchClock clock) {
        this.clock = clock;
        this.answersAll = session.capabilities().answersAll();
        this.port = session.deliveries(spec, this);
    }

    /** The way back. */
    public DeliveryPort port() {
        return port;
    }

    /** Gives credit for so many more deliveries, or takes it back. */
    public TestConsumer credit(long more) {
        credit += more;
        port.credit(credit);
        return this;
    }

    /** All deliveries so far. */
    public List<Handout> handouts() {
        return handouts;
    }

    /** How many deliveries there were. */
    public int count() {
        return handouts.size();
    }

    /** The nth delivery, from 0. */
    public Handout handout(int nth) {
        return handouts.get(nth);
    }

    /** The instant at which the nth delivery came, from 0, by the clock of the bench. */
    public long arrivedNanos(int nth) {
        return arrivals.get(nth);
    }

    /** The latest delivery. */
    public Handout last() {
        return handouts.get(handouts.size() - 1);
    }

    /** The bodies of all deliveries so far. */
    public List<String> texts() {
        return handouts.stream().map(Handout::message).map(Message::text).toList();
    }

    /** The ends of leases that it was told. */
    public List<Ended> ends() {
        return ends;
    }

    /** The shorter lease times that it was told. */
    public List<Duration> shortened() {
        return shortened;
    }

    /** The messages that the broker gave up on. */
    public List<Message> givenUp() {
        return givenUp;
    }

    /** How often it was told that the connection of its leases was lost. */
    public int connectionsLost() {
        return connectionsLost.get();
    }

    /** How often it was told that its leases have moved. */
    public int moves() {
        return moves.get();
    }

    /** The trouble that it was told. */
    public List<ErrorCode> troubles() {
        return troubles;
    }

    /** Why it can consume no more. */
    public List<ErrorCode> gone() {
        return gone;
    }

    /** Acks a delivery. */
    public TestSettle ack(Handout handout) {
        return settle(TestSettle.ack(handout));
    }

    /** Naks a delivery. */
    public TestSettle nak(Handout handout, Duration delay) {
        return settle(TestSettle.nak(handout, delay));
    }

    /** Writes a settlement. */
    public TestSettle settle(TestSettle settle) {
        settles.add(settle);
        if (!answersAll) {
            settle.withoutAnswer();
        }
        port.settle(List.<SettleItem>of(settle));
        return settle;
    }

    /** Writes settlements together. */
    public void settleAll(TestSettle... together) {
        for (TestSettle settle : together) {
            settles.add(settle);
            if (!answersAll) {
                settle.withoutAnswer();
            }
        }
        port.settle(List.of(together));
    }

    /** Touches a delivery. */
    public TestTouch touch(Handout handout) {
        return touch(new TestTouch(handout));
    }

    /** Writes a touch. */
    public TestTouch touch(TestTouch touch) {
        touches.add(touch);
        port.touch(List.<TouchItem>of(touch));
        return touch;
    }

    /** Its session is closed: it is to hear nothing more. */
    void closed() {
        closed = true;
    }

    /** How often it heard something after its session was closed. */
    int afterClose() {
        return afterClose.get();
    }

    /** What did not end as it must. */
    List<Object> open() {
        List<Object> open = new ArrayList<>();
        settles.stream().filter(settle -> !settle.isOver()).forEach(open::add);
        touches.stream().filter(touch -> !touch.isOver()).forEach(open::add);
        return open;
    }

    private void heard() {
        if (closed) {
            afterClose.incrementAndGet();
        }
    }

    @Override
    public void delivered(Handout handout) {
        heard();
        arrivals.add(clock.nanos());
        handouts.add(handout);
    }

    @Override
    public void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
        heard();
        ends.add(new Ended(ref, newer, loss));
    }

    @Override
    public void connectionLost() {
        heard();
        connectionsLost.incrementAndGet();
    }

    @Override
    public void moved() {
        heard();
        moves.incrementAndGet();
    }

    @Override
    public void shortened(long leaseNanos) {
        heard();
        shortened.add(Duration.ofNanos(leaseNanos));
    }

    @Override
    public void givenUp(Object ref, Message message, int deliveries) {
        heard();
        givenUp.add(message);
    }

    @Override
    public void troubled(MessagingException trouble) {
        heard();
        troubles.add(trouble.code());
    }

    @Override
    public void gone(MessagingException error) {
        heard();
        gone.add(error.code());
    }
}
