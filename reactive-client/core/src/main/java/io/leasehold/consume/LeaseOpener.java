package io.leasehold.consume;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.Handout;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.lease.keeper.LeaseKeeper;
import io.leasehold.lease.keeper.LeaseOwner;
import io.leasehold.lease.keeper.LeasePolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens the leases of one subscription, by the settings that hold when each arrives. Keeps the last terms, since most
 * deliveries have the same.
 */
final class LeaseOpener {
    private final BrokerSession session;
    private final LeaseKeeper keeper;
    private volatile LeasePolicy policy;
    private volatile @Nullable LeaseTerms last;

    /**
     * Makes one.
     *
     * @throws io.leasehold.error.MessagingException {@code LEASE_TIME_TOO_SHORT} when the lease time leaves no room for
     *     work
     */
    LeaseOpener(BrokerSession session, LeaseKeeper keeper, HoldSettings settings) {
        this.session = session;
        this.keeper = keeper;
        this.policy = settings.policy();
        requireRoom(settings.leaseTime());
    }

    // However good the network: a round trip that was slow by chance when an application started refuses nothing.
    // Deadlines go by the measured one.
    private void requireRoom(Duration leaseTime) {
        Capabilities can = session.capabilities();
        LeaseTerms.of(LeaseTime.renewable(leaseTime), can.rules(), Duration.ZERO)
                .require();
    }

    /** Has other settings hold for leases that are opened from now on. */
    void apply(HoldSettings next) {
        policy = next.policy();
    }

    /** Says how long a run may hold a lease that is opened now; {@link Long#MAX_VALUE} for no limit. */
    long maxHoldNanos() {
        return policy.maxHoldNanos();
    }

    /** Prepares the lease of a handout; nobody is told of it before {@link #keep}. */
    KeptLease prepare(Handout handout, LeaseOwner owner) {
        return keeper.prepare(handout, terms(handout.leaseTime()), policy, owner);
    }

    /** Opens a lease that was prepared; once. */
    void keep(KeptLease lease) {
        keeper.keep(lease);
    }

    private LeaseTerms terms(LeaseTime time) {
        LeaseTerms known = last;
        if (known != null && known.areThoseOf(time, session.smoothedRoundTrip())) {
            return known;
        }

        LeaseTerms fresh = make(time);
        last = fresh;
        return fresh;
    }

    /** Says how long before its end a lease of such a time must be left alone. */
    long budgetNanos(Duration leaseTime) {
        return make(LeaseTime.renewable(leaseTime)).budgetNanos();
    }

    private LeaseTerms make(LeaseTime time) {
        Capabilities can = session.capabilities();
        return LeaseTerms.of(time, can.rules(), session.smoothedRoundTrip());
    }
}
