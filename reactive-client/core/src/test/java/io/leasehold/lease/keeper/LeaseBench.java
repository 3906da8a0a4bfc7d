package io.leasehold.lease.keeper;

import io.leasehold.lease.BrokerRules;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.StoppedTimers;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.TouchMode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A keeper in virtual time, with a scripted broker; everything happens on the thread of the test. */
final class LeaseBench {
    static final Duration T = Duration.ofSeconds(30);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Ticker ticker;
    final NotedReports reports = new NotedReports();
    final ScriptedBroker broker;
    final LeaseKeeper keeper;
    private LeaseTerms terms;
    private final LeaseTime leaseTime;
    private TouchMode touchMode = TouchMode.AUTO;
    private SettlementLevel level = SettlementLevel.CONFIRMED;
    private Duration maxHold = LeasePolicy.UNLIMITED;
    private long touchByNanos = Long.MAX_VALUE;

    private LeaseBench(LeaseTime leaseTime, boolean fenced, Scheduler keeperTime) {
        Scheduler clock = keeperTime == null ? time : keeperTime;
        this.ticker = new Ticker(clock);
        this.broker = new ScriptedBroker(this::now);
        this.leaseTime = leaseTime;
        Duration crash = fenced ? Duration.ZERO : Duration.ofSeconds(1);
        this.terms = LeaseTerms.of(leaseTime, fenced, crash, Duration.ZERO);
        CancelExecutor cancels = new CancelExecutor(Schedulers.immediate(), clock, ticker, reports);
        this.keeper = new LeaseKeeper(ticker, clock, cancels, Schedulers.immediate(), reports);
    }

    /** A broker that checks tokens, with leases of 30 s. */
    static LeaseBench fenced() {
        return new LeaseBench(LeaseTime.renewable(T), true, null);
    }

    /** A broker that does not, and that may cut a second off a lease. */
    static LeaseBench unfenced() {
        return new LeaseBench(LeaseTime.renewable(T), false, null);
    }

    /** Another broker. */
    LeaseBench rules(BrokerRules rules) {
        terms = LeaseTerms.of(leaseTime, rules, Duration.ZERO);
        return this;
    }

    static LeaseBench of(LeaseTime leaseTime) {
        return new LeaseBench(leaseTime, true, null);
    }

    /** A keeper whose timers never run, while its clock does. */
    static LeaseBench frozen(boolean fenced, StoppedTimers timers) {
        return new LeaseBench(LeaseTime.renewable(T), fenced, timers);
    }

    LeaseBench touching(TouchMode mode) {
        touchMode = mode;
        return this;
    }

    /** Has the broker ask for a first touch by an instant. */
    LeaseBench touchBy(long nanos) {
        touchByNanos = nanos;
        return this;
    }

    LeaseBench level(SettlementLevel chosen) {
        level = chosen;
        return this;
    }

    LeaseBench maxHold(Duration limit) {
        maxHold = limit;
        return this;
    }

    long now() {
        return ticker.nanos();
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    void passUntil(long instant) {
        time.advanceTimeBy(Duration.ofNanos(instant - time.now(TimeUnit.NANOSECONDS)));
    }

    /** A lease that was asked for just now and waits for its work. */
    KeptLease open() {
        return openWith(new LeasePolicy(touchMode, maxHold.toNanos(), level, true));
    }

    KeptLease openWith(LeasePolicy policy) {
        TestGrant grant = new TestGrant(broker, leaseTime, now(), touchByNanos);
        return keeper.open(grant, terms, policy, new NotedOwner(this::now));
    }

    /** A lease whose work goes on. */
    KeptLease run() {
        KeptLease lease = open();
        lease.workStarted();
        return lease;
    }

    static NotedOwner owner(KeptLease lease) {
        return (NotedOwner) lease.owner();
    }
}
