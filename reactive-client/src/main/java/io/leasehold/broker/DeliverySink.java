package io.leasehold.broker;

import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import org.jspecify.annotations.Nullable;

/** What a delivery port reports to. Its methods do bookkeeping only: they never block and never call user code. */
public interface DeliverySink {
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

    /** Passing trouble: the port goes on trying. */
    void troubled(MessagingException trouble);

    /** Consumption cannot go on: the group is gone, a permission is missing. Nothing more will come. */
    void gone(MessagingException error);
}
