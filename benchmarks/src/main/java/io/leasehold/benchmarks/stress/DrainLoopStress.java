package io.leasehold.benchmarks.stress;

import io.leasehold.pace.DrainLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What two threads fill is drained by one at a time, so that plain fields of the pass suffice. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "both were drained")
@Outcome(expect = Expect.FORBIDDEN, desc = "forgotten, or seen without what came before")
@State
public class DrainLoopStress {
    private final DrainLoop loop = new DrainLoop();
    private final Queue<Integer> filled = new ConcurrentLinkedQueue<>();
    private int drained;

    private void pass() {
        for (Integer bit = filled.poll(); bit != null; bit = filled.poll()) {
            drained += bit;
        }
    }

    private void fill(int bit) {
        filled.add(bit);
        loop.enterAndDrain(this::pass);
    }

    /** One thread. */
    @Actor
    public void one() {
        fill(1);
    }

    /** The other. */
    @Actor
    public void two() {
        fill(2);
    }

    /** Afterwards. */
    @Arbiter
    public void all(I_Result seen) {
        seen.r1 = drained;
    }
}
