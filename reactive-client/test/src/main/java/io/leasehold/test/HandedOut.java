package io.leasehold.test;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.Handout;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Is one delivery to a member: what the broker lent, and what is known of it since. */
final class HandedOut implements Handout {
    private final ScenarioMember to;
    private final Handout lent;
    private final DeliveryPort back;
    private long grantedNanos;
    private @Nullable LeaseView lease;
    private volatile @Nullable Lease handle;
    private @Nullable SettleVerb settledBy;

    HandedOut(ScenarioMember to, Handout lent, DeliveryPort back, long nowNanos) {
        this.to = to;
        this.lent = lent;
        this.back = back;
        this.grantedNanos = nowNanos;
    }

    ScenarioMember to() {
        return to;
    }

    /** Gives the instant of true time at which the broker takes it back if nothing more happens. */
    long expiresNanos() {
        return grantedNanos + lent.leaseTime().nanos();
    }

    void touched(long nowNanos) {
        grantedNanos = nowNanos;
    }

    void opened(LeaseView view, Lease itsHandle) {
        lease = view;
        handle = itsHandle;
    }

    void settled(SettleVerb verb) {
        settledBy = verb;
    }

    /** Says how the broker was told to settle it, or null when it was not. */
    @Nullable
    SettleVerb settledBy() {
        return settledBy;
    }

    /** Gives what its handler holds, or null while the member does not know of it. */
    @Nullable
    Lease handle() {
        return handle;
    }

    @Nullable
    LeaseLoss loss() {
        return lease == null ? null : lease.lossOrNull();
    }

    /** Tells whether its lease is open in the eyes of the member. */
    boolean isOpen() {
        return lease == null || lease.state().isOpen();
    }

    boolean isUnder(LeaseView view) {
        return lease == null ? isLikely(view) : view == lease;
    }

    // Before it was opened: what was handed out first is opened first.
    private boolean isLikely(LeaseView view) {
        return Objects.equals(view.token(), token())
                && view.deliveryCount() == deliveryCount()
                && message().equals(view.message());
    }

    String name() {
        return nameOf(message());
    }

    static String nameOf(Message message) {
        return message.id().map(MessageId::value).orElseGet(message::topic);
    }

    @Override
    public Object ref() {
        return lent.ref();
    }

    @Override
    public Message message() {
        return lent.message();
    }

    @Override
    public int releases() {
        return lent.releases();
    }

    @Override
    public Settlement settlement() {
        return back;
    }

    @Override
    public Object receipt() {
        return lent.receipt();
    }

    @Override
    public LeaseTime leaseTime() {
        return lent.leaseTime();
    }

    @Override
    public long anchorNanos() {
        return lent.anchorNanos();
    }

    @Override
    public long touchByNanos() {
        return lent.touchByNanos();
    }

    @Override
    public @Nullable FencingToken token() {
        return lent.token();
    }

    @Override
    public int deliveryCount() {
        return lent.deliveryCount();
    }

    @Override
    public String toString() {
        return name() + " (delivery " + deliveryCount() + ")";
    }
}
