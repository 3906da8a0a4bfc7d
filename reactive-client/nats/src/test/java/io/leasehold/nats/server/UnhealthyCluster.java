package io.leasehold.nats.server;

/**
 * A cluster did not get healthy, or found no leader, although nothing was done to it any more: it tells what each
 * server said.
 */
public final class UnhealthyCluster extends AssertionError {
    private static final long serialVersionUID = 1L;

    UnhealthyCluster(String what, Throwable cause) {
        super(what, cause);
    }
}
