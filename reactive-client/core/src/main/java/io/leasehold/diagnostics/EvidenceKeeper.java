package io.leasehold.diagnostics;

import io.leasehold.consume.HeldItem;
import io.leasehold.consume.HeldReport;
import io.leasehold.event.GroupReadings;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.PublishReadings;
import io.leasehold.event.Recorder;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last deliveries that were lost or stalled, as they stood. It is told on the thread that ends leases, before
 * the work is cancelled, and looks at few of many that are lost at once, so that it does not hold up the others.
 */
final class EvidenceKeeper implements Recorder {
    private static final long WINDOW_NANOS = 100_000_000L;
    private static final int WINDOW_MAX = 16;

    private final AtomicReferenceArray<@Nullable Kept> ring = new AtomicReferenceArray<>(EvidenceLog.KEPT_MAX);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong window = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger inWindow = new AtomicInteger();
    private final Map<String, GroupReadings> groups = new ConcurrentHashMap<>();
    private volatile @Nullable PublishReadings publishing;
    private volatile @Nullable Ticker ticker;

    private record Kept(long number, long atNanos, Evidence evidence) {}

    /** The clock to be read from now on; before, nothing is kept. */
    void read(Ticker clock) {
        ticker = clock;
    }

    @Override
    public void watching(GroupReadings group) {
        groups.put(group.group(), group);
    }

    @Override
    public void forgetting(String group) {
        groups.remove(group);
    }

    @Override
    public void watching(PublishReadings numbers) {
        publishing = numbers;
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        Ticker clock = ticker;
        if (clock == null || loss == LeaseLoss.CLOSED || !mayKeep(clock.nanos())) {
            return;
        }
        HeldItem item = HeldItem.of(lease);
        if (item != null) {
            long now = clock.nanos();
            keep(now, Kind.LEASE_LOST, loss, item.report(now));
        }
    }

    @Override
    public void event(MessagingEvent event) {
        Ticker clock = ticker;
        boolean meant = event.kind() == Kind.STALLED || event.kind() == Kind.ORPHAN;
        if (clock != null && meant && event.details().get("delivery") instanceof HeldReport report) {
            keep(clock.nanos(), event.kind(), null, report);
        }
    }

    private boolean mayKeep(long now) {
        long present = window.get();
        if (present == Long.MIN_VALUE || now - present >= WINDOW_NANOS) {
            if (window.compareAndSet(present, now)) {
                inWindow.set(0);
            }
        }
        boolean may = inWindow.incrementAndGet() <= WINDOW_MAX;
        if (!may) {
            skipped.incrementAndGet();
        }
        return may;
    }

    private void keep(long now, Kind what, @Nullable LeaseLoss loss, HeldReport report) {
        Evidence evidence = new Evidence(Duration.ZERO, what, loss, report, moment(report.group()), counts(publishing));
        long number = written.getAndIncrement();
        ring.set((int) (number % EvidenceLog.KEPT_MAX), new Kept(number, now, evidence));
    }

    private Evidence.@Nullable GroupMoment moment(String group) {
        GroupReadings read = groups.get(group);
        return read == null
                ? null
                : new Evidence.GroupMoment(
                        read.waiting(), read.running(), read.orphans(), read.stalled(), read.limit());
    }

    static ClientSnapshot.PublishCounts counts(@Nullable PublishReadings read) {
        return read == null
                ? new ClientSnapshot.PublishCounts(0, 0, 0)
                : new ClientSnapshot.PublishCounts(read.inFlight(), read.waiting(), read.haltedKeys());
    }

    EvidenceLog log() {
        Ticker clock = ticker;
        List<Kept> all = new ArrayList<>();
        for (int i = 0; i < ring.length(); i++) {
            Kept kept = ring.get(i);
            if (kept != null) {
                all.add(kept);
            }
        }
        all.sort(Comparator.comparingLong(Kept::number).reversed());
        long now = clock == null ? 0 : clock.nanos();
        return new EvidenceLog(
                all.stream()
                        .map(kept -> kept.evidence().asOf(now - kept.atNanos()))
                        .toList(),
                skipped.get());
    }
}
