package io.leasehold.broker;

import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/** What a delivery port reports to. Its methods do bookkeeping only: they never block and never call user code. */
public interface DeliverySink {
    /**
     * What the group needs at the broker was found or made: messages may come from now on.
     *
     * @param leaseNanos the lease time of first deliveries that is in force there, in nanoseconds: what was asked for,
     * or that of a group which was there before
     */
    default void begun(long leaseNanos) {}

    /** A message was handed to us. */
    void delivered(Handout handout);

    /**
     * The broker knows that a lease of ours has ended.
     *
     * @param ref the message, as in {@link Handout#ref()}
     * @param newer leases with smaller tokens than this one end, and no later delivery has a smaller one; null ends
     * any
     */
    void ended(Object ref, @Nullable FencingToken newer, LeaseLoss loss);

    /**
     * The connection or session that leases belong to has ended, and with it each lease that was delivered through this
     * port so far. Told by a broker whose {@linkplain Capabilities#leasesEndWithConnection() leases end so}, in the
     * step in which its client notices, before anything is delivered over another connection. What is to be settled or
     * touched of those leases afterwards, the port refuses ({@code CONNECTION_LOST}) without writing it; what was
     * written and not answered stays without an answer.
     */
    void connectionLost();

    /**
     * The lease time of the group was made shorter, which holds for what is held at this moment, too.
     *
     * @param leaseNanos the lease time from now on, in nanoseconds
     */
    default void shortened(long leaseNanos) {}

    /**
     * The leases of the group are kept by another server from now on, or by one that has restarted, and may be cut
     * short: those that are held are to be touched at once.
     */
    default void moved() {}

    /**
     * The broker has given up on a message that nobody holds, by a limit of its own: it will not be delivered any
     * more. Told as far as it is seen, and perhaps to several members of the group.
     *
     * @param ref the message, as in {@link Handout#ref()}
     * @param message what is left of it in the broker
     * @param deliveries how often it was handed out
     */
    default void givenUp(Object ref, Message message, int deliveries) {}

    /** Passing trouble: the port goes on trying. */
    void troubled(MessagingException trouble);

    /**
     * The group was deleted, and every lease of it with it. Nothing more will come through this port; when deliveries
     * are opened again, the broker makes the group anew, with larger tokens. Without a reaction of its own, {@link
     * #gone}.
     */
    default void deleted(MessagingException error) {
        gone(error);
    }

    /** Consumption cannot go on: the group is gone, a permission is missing. Nothing more will come. */
    void gone(MessagingException error);
}
