package io.leasehold.benchmarks.stress;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** A nak that two connections want to write is let through once. */
@JCStressTest
@Outcome(
        id = {"true, false, 0", "false, true, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "written once")
@Outcome(expect = Expect.FORBIDDEN, desc = "written twice, or not at all")
@State
public class LeaseWriteStress {
    private final StressedLease stressed = StressedLease.decided(SettleVerb.NAK);

    /** One connection. */
    @Actor
    public void first(ZZI_Result seen) {
        seen.r1 = stressed.lease().tryWrite();
    }

    /** The next. */
    @Actor
    public void second(ZZI_Result seen) {
        seen.r2 = stressed.lease().tryWrite();
    }

    /** Afterwards. */
    @Arbiter
    public void ends(ZZI_Result seen) {
        seen.r3 = stressed.ends();
    }

    /** Encoding races with the end of the lease: what was written is not lost any more. */
    @JCStressTest
    @Outcome(id = "true, false, 0", expect = Expect.ACCEPTABLE, desc = "written")
    @Outcome(id = "false, true, 1", expect = Expect.ACCEPTABLE, desc = "lost, not written")
    @Outcome(expect = Expect.FORBIDDEN, desc = "written and lost, or neither")
    @State
    public static class OrLoss {
        private final StressedLease stressed = StressedLease.decided(SettleVerb.ACK);

        /** The connection. */
        @Actor
        public void write(ZZI_Result seen) {
            seen.r1 = stressed.lease().tryWrite();
        }

        /** A newer delivery. */
        @Actor
        public void lose(ZZI_Result seen) {
            seen.r2 = stressed.lease().lose(LeaseLoss.SUPERSEDED);
        }

        /** Afterwards. */
        @Arbiter
        public void ends(ZZI_Result seen) {
            seen.r3 = stressed.ends();
        }
    }

    /** Two answers come for one settlement: the owner hears of one end. */
    @JCStressTest
    @Outcome(id = "1, 3", expect = Expect.ACCEPTABLE, desc = "done")
    @Outcome(id = "1, 5", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "told twice, or not at all")
    @State
    public static class Answered {
        private final StressedLease stressed = StressedLease.written(SettleVerb.ACK);

        /** One answer. */
        @Actor
        public void done() {
            stressed.lease().done();
        }

        /** The other. */
        @Actor
        public void refused() {
            stressed.lease().refused(LeaseLoss.SETTLED_ELSEWHERE);
        }

        /** Afterwards. */
        @Arbiter
        public void ends(II_Result seen) {
            seen.r1 = stressed.ends();
            seen.r2 = stressed.lease().state().ordinal();
        }
    }
}
