package io.leasehold.broker.contract;

import io.leasehold.broker.Handout;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchItem;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A touch that remembers its signals. */
public final class TestTouch implements TouchItem {
    private final Handout handout;
    private final List<String> signals = new CopyOnWriteArrayList<>();
    private volatile boolean closedGate;
    private volatile @Nullable LeaseLoss refusal;

    /** A touch of a delivery. */
    public TestTouch(Handout handout) {
        this.handout = handout;
    }

    /** Has the gate say no. */
    public TestTouch closeGate() {
        closedGate = true;
        return this;
    }

    @Override
    public Object receipt() {
        return handout.receipt();
    }

    @Override
    public boolean tryWrite() {
        return !closedGate;
    }

    @Override
    public void confirmed(long leaseNanos) {
        signals.add("confirmed");
    }

    @Override
    public void refused(LeaseLoss loss) {
        refusal = loss;
        signals.add("refused " + loss);
    }

    /** Whether it ended as it must: not at all behind a closed gate, else once. */
    public boolean isOver() {
        return signals.size() == (closedGate ? 0 : 1);
    }

    /** Whether the broker extended the lease. */
    public boolean isConfirmed() {
        return signals.equals(List.of("confirmed"));
    }

    /** Why the broker refused it. */
    public @Nullable LeaseLoss refusal() {
        return refusal;
    }

    @Override
    public String toString() {
        return "touch of " + handout + " " + signals;
    }
}
