package io.leasehold.consume;

import io.leasehold.consume.BatchSettings.OnLoss;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.pace.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.CoreSubscriber;

/** A handler does the work on several deliveries at once; downstream sees the outcome of each. */
final class BatchMode<T> extends Mode<T, Outcome> {
    private final BatchHandler<T> handler;
    private final BatchSettings batch;
    private final boolean blocking;
    private List<HeldDelivery<T>> filling = new ArrayList<>();
    private int announced;
    private long fillUntil = Long.MAX_VALUE;

    BatchMode(
            Consumption<T> consumption,
            BatchHandler<T> handler,
            BatchSettings batch,
            CoreSubscriber<? super Outcome> actual) {
        super(consumption, actual);
        this.handler = handler;
        this.blocking = handler instanceof BlockingHandler.OfBatch<T>;
        this.batch = batch;
    }

    @Override
    int size() {
        return batch.size();
    }

    @Override
    int takes(Deque<HeldDelivery<T>> ready) {
        ConsumeContext client = consumption().client();
        long now = client.now();
        int most = (int) Math.min(batch.size(), demand());
        if (ready.size() < most && now < fillUntil) {
            if (fillUntil == Long.MAX_VALUE) {
                fillUntil = now + fillNanos(ready.getFirst().kept(), now);
                client.time().schedule(consumption()::demanded, fillUntil - now, TimeUnit.NANOSECONDS);
            }
            return 0;
        }

        fillUntil = Long.MAX_VALUE;
        announced = Math.min(ready.size(), most);

        return announced;
    }

    // A short lease that was granted long before it came has no quarter to spare: what waits for company must not be
    // dead when it comes, however late the timer and the threads are that it waits for then.
    private long fillNanos(KeptLease first, long now) {
        long quarter = consumption().settings().hold().leaseTime().toNanos() / 4;
        LeaseTerms terms = first.terms();
        long spare = first.deadlineNanos() - now - terms.startNanosMin();
        long most = Math.max(0, Math.min(quarter, Math.min(spare / 2, spare - terms.budgetNanos())));
        Duration fill = batch.fill();
        return fill == null ? most : Math.min(most, Span.nanos(fill));
    }

    @Override
    void start(HeldDelivery<T> delivery) {
        sink().reserve();
        filling.add(delivery);
        if (filling.size() < announced) {
            return;
        }

        List<HeldDelivery<T>> members = filling;
        filling = new ArrayList<>(batch.size());
        for (HeldDelivery<T> member : members) {
            member.attach(new Run<>(member, same -> handler.handle(List.of(same)), blocking));
        }
        BatchRun<T> run = new BatchRun<>(
                members.get(0).context(),
                members,
                handler::handle,
                BatchRun.AfterFailure.RERUN,
                batch.onLoss() == OnLoss.SKIP,
                blocking);
        consumption().client().users().execute(run.nextTry());
    }

    @Override
    boolean lacksDemand() {
        return demand() <= 0;
    }

    @Override
    void closed(HeldDelivery<T> delivery, Outcome outcome) {
        sink().emit(outcome);
    }

    @Override
    void unanswered(Outcome outcome) {
        sink().emit(outcome);
    }
}
