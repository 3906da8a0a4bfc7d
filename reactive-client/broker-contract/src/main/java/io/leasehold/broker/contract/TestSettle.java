package io.leasehold.broker.contract;

import io.leasehold.broker.Handout;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A settlement that remembers its signals. */
public final class TestSettle implements SettleItem {
    private final Handout handout;
    private final SettleVerb verb;
    private final Duration delay;
    private final boolean release;
    private final List<String> signals = new CopyOnWriteArrayList<>();
    private volatile boolean closedGate;
    private volatile boolean answered = true;
    private volatile @Nullable LeaseLoss refusal;

    private TestSettle(Handout handout, SettleVerb verb, Duration delay, boolean release) {
        this.handout = handout;
        this.verb = verb;
        this.delay = delay;
        this.release = release;
    }

    /** An ack. */
    public static TestSettle ack(Handout handout) {
        return new TestSettle(handout, SettleVerb.ACK, Duration.ZERO, false);
    }

    /** A nak, without delay if that is zero. */
    public static TestSettle nak(Handout handout, Duration delay) {
        return new TestSettle(handout, SettleVerb.NAK, delay, false);
    }

    /** A nak of what was not started. */
    public static TestSettle release(Handout handout) {
        return new TestSettle(handout, SettleVerb.NAK, Duration.ZERO, true);
    }

    /** A terminate. */
    public static TestSettle terminate(Handout handout) {
        return new TestSettle(handout, SettleVerb.TERMINATE, Duration.ZERO, false);
    }

    /** Has the gate say no. */
    public TestSettle closeGate() {
        closedGate = true;
        return this;
    }

    // It goes to a broker that answers only what it refuses.
    void withoutAnswer() {
        answered = false;
    }

    @Override
    public Object receipt() {
        return handout.receipt();
    }

    @Override
    public SettleVerb verb() {
        return verb;
    }

    @Override
    public long delayNanos() {
        return delay.toNanos();
    }

    @Override
    public @Nullable String reason() {
        return verb == SettleVerb.TERMINATE ? "a test" : null;
    }

    @Override
    public boolean isRelease() {
        return release;
    }

    @Override
    public boolean tryWrite() {
        return !closedGate;
    }

    @Override
    public void written() {
        signals.add("written");
    }

    @Override
    public void done() {
        signals.add("done");
    }

    @Override
    public void refused(LeaseLoss loss) {
        refusal = loss;
        signals.add("refused " + loss);
    }

    /** The signals so far, the one that it was written included. */
    public List<String> signals() {
        return signals;
    }

    /** Whether it ended as it must: not at all behind a closed gate, else once. */
    public boolean isOver() {
        long answers =
                signals.stream().filter(signal -> !signal.equals("written")).count();
        return closedGate ? signals.isEmpty() : answers == 1 || (!answered && signals.equals(List.of("written")));
    }

    /** Whether it is done: the broker said so after it was written, or says nothing but refusals. */
    public boolean isDone() {
        return signals.equals(answered ? List.of("written", "done") : List.of("written"));
    }

    /** Why the broker refused it. */
    public @Nullable LeaseLoss refusal() {
        return refusal;
    }

    @Override
    public String toString() {
        return verb + " of " + handout + " " + signals;
    }
}
