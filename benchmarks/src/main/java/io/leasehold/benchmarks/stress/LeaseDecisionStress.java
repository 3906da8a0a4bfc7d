package io.leasehold.benchmarks.stress;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** An ack and a nak race for a held lease: one wins, and the broker is asked once. */
@JCStressTest
@Outcome(id = "1, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "the ack won")
@Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the nak won")
@Outcome(expect = Expect.FORBIDDEN, desc = "none or both won, or the verb is another one")
@State
public class LeaseDecisionStress {
    private final StressedLease stressed = new StressedLease();

    /** One thread. */
    @Actor
    public void ack(IIII_Result seen) {
        seen.r1 = stressed.lease().settle(SettleVerb.ACK, 0, null) ? 1 : 0;
    }

    /** The other. */
    @Actor
    public void nak(IIII_Result seen) {
        seen.r2 = stressed.lease().settle(SettleVerb.NAK, 0, null) ? 1 : 0;
    }

    /** Afterwards. */
    @Arbiter
    public void verb(IIII_Result seen) {
        seen.r3 = stressed.lease().verb().ordinal();
        seen.r4 = stressed.settlements();
    }

    /** A settlement and the end of the lease race for it. */
    @JCStressTest
    @Outcome(id = "1, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "settled; lost only what was not held")
    @Outcome(id = "1, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "settled, then lost before it was written")
    @Outcome(id = "0, 1, 1, 0", expect = Expect.ACCEPTABLE, desc = "lost, and the broker was not asked")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none won, or the end was told twice")
    @State
    public static class OrLoss {
        private final StressedLease stressed = new StressedLease();

        /** One thread. */
        @Actor
        public void settle(IIII_Result seen) {
            seen.r1 = stressed.lease().settle(SettleVerb.ACK, 0, null) ? 1 : 0;
        }

        /** The other. */
        @Actor
        public void lose(IIII_Result seen) {
            seen.r2 = stressed.lease().lose(LeaseLoss.SUPERSEDED) ? 1 : 0;
        }

        /** Afterwards. */
        @Arbiter
        public void ends(IIII_Result seen) {
            seen.r3 = stressed.ends();
            seen.r4 = stressed.settlements();
        }
    }
}
