package io.leasehold.benchmarks.stress;

import io.leasehold.pace.SerialLine;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What two threads add is worked off by one at a time, so that plain fields of the consumer suffice. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "both were worked off")
@Outcome(expect = Expect.FORBIDDEN, desc = "forgotten, or seen without what came before")
@State
public class SerialLineStress {
    private final SerialLine<Bit> line = new SerialLine<>(this::take, () -> {}, fault -> {});
    private int taken;

    private static final class Bit extends SerialLine.Link {
        private final int value;

        private Bit(int value) {
            this.value = value;
        }
    }

    private void take(Bit bit) {
        taken += bit.value;
    }

    /** One thread. */
    @Actor
    public void one() {
        line.add(new Bit(1));
    }

    /** The other. */
    @Actor
    public void two() {
        line.add(new Bit(2));
    }

    /** Afterwards. */
    @Arbiter
    public void all(I_Result seen) {
        seen.r1 = taken;
    }
}
