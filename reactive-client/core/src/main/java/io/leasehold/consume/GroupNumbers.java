package io.leasehold.consume;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.event.GroupReadings;
import io.leasehold.lease.Ticker;
import io.leasehold.pace.FatalErrors;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a group: written in the dispatcher, read by anybody. What takes a look at everything that is held is
 * brought up to date when somebody asks, at most once a second.
 */
final class GroupNumbers implements GroupReadings {
    private static final long FRESH_NANOS = 1_000_000_000L;

    private final String group;
    private final Ticker ticker;
    private final Runnable askDispatcher;
    private final Supplier<Duration> unheard;
    private final Consumer<Throwable> fault;
    private volatile @Nullable DeliveryPort port;
    private volatile @Nullable DeliveryPort threw;
    private volatile int waiting;
    private volatile int running;
    private volatile int orphans;
    private volatile int stalled;
    private volatile int limit;
    private volatile Edges edges = Edges.NONE;
    private volatile long askedNanos;
    private volatile long unattendedNanos = Long.MAX_VALUE;

    GroupNumbers(
            String group,
            Ticker ticker,
            Runnable askDispatcher,
            Supplier<Duration> unheard,
            Consumer<Throwable> fault) {
        this.fault = fault;
        this.unheard = unheard;
        this.group = group;
        this.ticker = ticker;
        this.askDispatcher = askDispatcher;
        this.askedNanos = ticker.nanos() - FRESH_NANOS;
    }

    /** The oldest delivery and the nearest deadline, in ticker nanoseconds; none when nothing is held. */
    record Edges(long oldestNanos, long deadlineNanos) {
        static final Edges NONE = new Edges(Long.MAX_VALUE, Long.MAX_VALUE);

        Edges with(long anchor, long deadline) {
            return new Edges(Math.min(oldestNanos, anchor), Math.min(deadlineNanos, deadline));
        }
    }

    void count(int nowWaiting, int nowRunning, int nowLimit) {
        waiting = nowWaiting;
        running = nowRunning;
        limit = nowLimit;
    }

    /** Takes the port that is consumed through from now on; null for none. */
    void reads(@Nullable DeliveryPort present) {
        if (port != present) {
            port = present;
        }
    }

    void suspects(int nowOrphans, int nowStalled) {
        orphans = nowOrphans;
        stalled = nowStalled;
    }

    void edges(Edges seen) {
        edges = seen;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public int waiting() {
        return waiting;
    }

    @Override
    public int running() {
        return Math.max(0, running - orphans);
    }

    @Override
    public int orphans() {
        return orphans;
    }

    @Override
    public int stalled() {
        return stalled;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public Duration oldestAge() {
        long now = ticker.nanos();
        long oldest = Math.min(fresh().oldestNanos(), unattendedSince(now));
        Duration age = oldest == Long.MAX_VALUE ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - oldest));
        Duration silence = unheard.get();
        return silence.compareTo(age) > 0 ? silence : age;
    }

    // Since when somebody has seen that messages wait at the broker while none is held.
    private long unattendedSince(long now) {
        boolean unattended = edges.oldestNanos() == Long.MAX_VALUE && lag() > 0;
        if (!unattended) {
            unattendedNanos = Long.MAX_VALUE;
        } else if (unattendedNanos == Long.MAX_VALUE) {
            unattendedNanos = now;
        }
        return unattendedNanos;
    }

    @Override
    public long lag() {
        DeliveryPort present = port;
        return present == null ? -1 : waitingAt(present);
    }

    // Of a port that throws that is told once.
    private long waitingAt(DeliveryPort present) {
        try {
            return present.waiting();
        } catch (Throwable thrown) {
            if (threw != present) {
                threw = present;
                fault.accept(thrown);
            }
            FatalErrors.handOn(thrown);
            return -1;
        }
    }

    @Override
    public Duration nearestDeadline() {
        long deadline = fresh().deadlineNanos();
        return deadline == Long.MAX_VALUE ? Duration.ZERO : Duration.ofNanos(Math.max(0, deadline - ticker.nanos()));
    }

    private Edges fresh() {
        long now = ticker.nanos();
        if (now - askedNanos >= FRESH_NANOS) {
            askedNanos = now;
            askDispatcher.run();
        }
        return edges;
    }
}
