package io.leasehold.consume;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The terms of a broker's lease times; the last ones are kept, since most deliveries have the same. */
final class LeaseTermsSource {
    private final BrokerSession session;
    private volatile @Nullable LeaseTerms last;

    LeaseTermsSource(BrokerSession session) {
        this.session = session;
    }

    LeaseTerms of(LeaseTime time) {
        LeaseTerms known = last;
        if (known != null && known.areThoseOf(time, session.smoothedRoundTrip())) {
            return known;
        }
        LeaseTerms fresh = make(time);
        last = fresh;
        return fresh;
    }

    /**
     * Refuses a lease time that leaves no room for work, however good the network: a round trip that was slow by chance
     * when an application started refuses nothing. Deadlines go by the measured one.
     */
    void requireRoom(Duration leaseTime) {
        Capabilities can = session.capabilities();
        LeaseTerms.of(LeaseTime.renewable(leaseTime), can.rules(), Duration.ZERO)
                .require();
    }

    long budgetNanos(Duration leaseTime) {
        return make(LeaseTime.renewable(leaseTime)).budgetNanos();
    }

    private LeaseTerms make(LeaseTime time) {
        Capabilities can = session.capabilities();
        return LeaseTerms.of(time, can.rules(), session.smoothedRoundTrip());
    }
}
