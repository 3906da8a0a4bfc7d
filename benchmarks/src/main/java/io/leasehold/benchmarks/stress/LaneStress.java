package io.leasehold.benchmarks.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two messages of one key come while work ends: one runs at a time, and both get their turn. */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "a lane was entered twice, or a message was forgotten")
@State
public class LaneStress {
    private final StressedConsumer consumer = StressedConsumer.ofOneKey();

    /** One thread. */
    @Actor
    public void one() {
        consumer.arrive(1);
    }

    /** The other: then the work ends that has begun. */
    @Actor
    public void two() {
        consumer.arrive(2);
        consumer.end();
    }

    /** Afterwards, when the rest has ended. */
    @Arbiter
    public void all(II_Result seen) {
        for (int i = 0; i < 2; i++) {
            consumer.end();
        }
        seen.r1 = consumer.most();
        seen.r2 = consumer.ended();
    }
}
