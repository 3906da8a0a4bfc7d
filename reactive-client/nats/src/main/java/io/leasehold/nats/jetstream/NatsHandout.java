package io.leasehold.nats.jetstream;

import io.leasehold.broker.Handout;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.Settlement;
import io.leasehold.message.Message;

/** Is one delivery: the message, and what its reply subject tells of its lease. It is its own receipt. */
final class NatsHandout implements Handout {
    /**
     * Names a message within its group.
     *
     * @param group the consumer
     * @param sequence in the stream
     */
    record Ref(String group, long sequence) {}

    private final Settlement settlement;
    private final String group;
    private final Message message;
    private final AckSubject reply;
    private final ConsumerLife life;
    private long anchorNanos;
    private long touchByNanos = Long.MAX_VALUE;

    NatsHandout(
            Settlement settlement,
            String group,
            Message message,
            AckSubject reply,
            ConsumerLife life,
            long anchorNanos) {
        this.settlement = settlement;
        this.group = group;
        this.message = message;
        this.reply = reply;
        this.life = life;
        this.anchorNanos = anchorNanos;
    }

    AckSubject reply() {
        return reply;
    }

    /** Returns the sequence of the message in its stream. */
    long sequence() {
        return reply.message();
    }

    /** Returns the number of this delivery in the consumer's life. */
    long delivery() {
        return reply.delivery();
    }

    /** Has the lease touched by an instant. */
    void touchBy(long nanos) {
        touchByNanos = nanos;
    }

    /** Counts the lease from an instant: it was begun anew before anybody saw the delivery. */
    void anchoredAt(long nanos) {
        anchorNanos = nanos;
        touchByNanos = Long.MAX_VALUE;
    }

    @Override
    public Object ref() {
        return new Ref(group, reply.message());
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int deliveryCount() {
        return reply.count();
    }

    @Override
    public int releases() {
        return 0;
    }

    @Override
    public FencingToken token() {
        return new FencingToken(life.number(), reply.delivery());
    }

    @Override
    public Settlement settlement() {
        return settlement;
    }

    @Override
    public Object receipt() {
        return this;
    }

    @Override
    public LeaseTime leaseTime() {
        return life.leaseTime(reply.count());
    }

    @Override
    public long anchorNanos() {
        return anchorNanos;
    }

    @Override
    public long touchByNanos() {
        return touchByNanos;
    }
}
