package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The owner of a lease that notes what it is told, and when. */
final class NotedOwner implements LeaseOwner {
    final List<LeaseLoss> losses = new ArrayList<>();
    final List<Long> lostAt = new ArrayList<>();
    final List<SettleAnswer> answers = new ArrayList<>();
    final List<Long> answeredAt = new ArrayList<>();
    final List<Long> alarms = new ArrayList<>();
    final List<Long> naksWritten = new ArrayList<>();
    final List<Long> holdsExceeded = new ArrayList<>();
    private final LongSupplier clock;
    boolean takesChildren = true;
    boolean failsAtAlarm;
    int children;

    NotedOwner(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public void leaseLost(LeaseLoss loss) {
        losses.add(loss);
        lostAt.add(clock.getAsLong());
    }

    @Override
    public void leaseSettled(SettleVerb verb, SettleAnswer answer) {
        answers.add(answer);
        answeredAt.add(clock.getAsLong());
    }

    @Override
    public void nakWritten(long now) {
        naksWritten.add(now);
    }

    @Override
    public void alarm(long now) {
        alarms.add(clock.getAsLong());
        if (failsAtAlarm) {
            throw new IllegalStateException("an owner's fault");
        }
    }

    @Override
    public void holdExceeded() {
        holdsExceeded.add(clock.getAsLong());
    }

    @Override
    public boolean childStarted() {
        if (takesChildren) {
            children++;
        }
        return takesChildren;
    }

    @Override
    public void childEnded() {
        children--;
    }
}
