package io.leasehold.lease;

/**
 * A resource that hangs on a lease.
 *
 * @param <R> the resource
 */
public interface BoundResource<R> {
    /**
     * Gives the resource, for use right now.
     *
     * @throws LeaseLostException {@code LEASE_LOST} when the lease has ended or the resource was released
     */
    R use();
}
