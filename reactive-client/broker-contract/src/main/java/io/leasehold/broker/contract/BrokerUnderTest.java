package io.leasehold.broker.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leasehold.broker.Broker;
import io.leasehold.broker.Capabilities;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import reactor.core.scheduler.Scheduler;

/**
 * What the test of a broker says of it: how to make it, restart it and delete a group in it, how time passes, and what
 * it does that its {@link Capabilities} do not tell.
 */
public abstract class BrokerUnderTest {
    private static final AtomicInteger BENCHES = new AtomicInteger();

    private VirtualClock virtual;
    private List<String> threadsBefore;
    private BrokerBench bench;

    /** A broker whose timers run on the given scheduler, if it has any in this process. */
    protected abstract Broker broker(Scheduler time);

    /** Restarts the broker with all that it keeps, as gracefully as may be. */
    protected abstract void restart(Broker broker);

    /** How a broker may begin anew, with all that it keeps. */
    public enum Restart {
        /** It was shut down, and started again. */
        GRACEFUL,
        /** Its process was killed, and started again. */
        KILLED,
        /** Another one of its servers has taken over. */
        OTHER_LEADER
    }

    /**
     * Restarts the broker in some way.
     *
     * @return whether it can be restarted so; by default only as {@link #restart(Broker)} does
     */
    protected boolean restart(Broker broker, Restart how) {
        if (how != Restart.GRACEFUL) {
            return false;
        }
        restart(broker);
        return true;
    }

    /**
     * Breaks the connection of a client, which finds it again by itself. Asked of brokers whose leases end with their
     * connection.
     *
     * @param client its name, as in its session's context
     */
    protected void disconnect(Broker broker, String client) {
        throw new UnsupportedOperationException("say how the connection of a client of this broker breaks");
    }

    /**
     * Takes from a client what it holds of a group, where the broker shares a group anew among its members.
     *
     * @param client its name, as in its session's context
     * @return whether the broker does so at all; default false
     */
    protected boolean revoke(Broker broker, String group, String client) {
        return false;
    }

    /** Deletes a group. */
    protected abstract void deleteGroup(Broker broker, String name);

    /** Ends the broker, when its clients are gone. Fails when it has kept something of theirs. */
    protected abstract void shutdown(Broker broker);

    /** How time passes, and how the lease time is chosen. */
    protected BenchClock clock() {
        return virtual;
    }

    /** How exactly the broker keeps instants. */
    protected Duration tolerance() {
        return Duration.ofMillis(1);
    }

    /** For how much longer than it says the broker may know an id. */
    protected Duration duplicateSlack() {
        return tolerance();
    }

    /** A body of this size is refused. */
    protected int tooLargeBytes() {
        return (8 << 20) + 1;
    }

    /** Whether a holder is told, as well as possible, that somebody else got its message. */
    protected boolean tellsOfOthers() {
        return false;
    }

    /** Whether the broker refuses what it could keep but no filter of a group takes. */
    protected boolean refusesWhatNoFilterTakes() {
        return true;
    }

    /** Whether the broker tells releases apart from deliveries that were started. */
    protected boolean tellsReleases() {
        return bench.capabilities().isFenced();
    }

    /**
     * Whether the broker counts each delivery of a message. One that does not hands some out again as if for the first
     * time.
     */
    protected boolean countsEachDelivery() {
        return true;
    }

    /** The clock by which the broker stamps what is published. */
    protected InstantSource wallClock() {
        return virtual.wallClock();
    }

    /** The lease time that the groups ask for. */
    final Duration leaseTime() {
        return clock().leaseTime();
    }

    /** Returns the bench of the running test. */
    public final BrokerBench bench() {
        return bench;
    }

    /** Returns this test, for its parts. */
    public final BrokerUnderTest test() {
        return this;
    }

    /** The names of our threads that live now; but for those that write lines, which all clients share. */
    protected static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("leasehold") && !name.startsWith("leasehold-log"))
                .sorted()
                .toList();
    }

    @BeforeEach
    final void setUp(TestInfo running) {
        threadsBefore = ownThreads();
        virtual = new VirtualClock();
        Broker broker = broker(virtual.scheduler());
        bench = new BrokerBench(clock(), broker, virtual.scheduler(), "contract" + BENCHES.incrementAndGet());
        assumeTrue(isFor(running.getTestMethod().orElseThrow(), bench.capabilities()), "for brokers of other traits");
    }

    /** Whether a test of the contract is for brokers that can do such things. */
    public static boolean isFor(Method test, Capabilities capabilities) {
        return Trait.of(test).stream().allMatch(trait -> trait.holdsFor(capabilities));
    }

    @AfterEach
    final void tearDown() {
        bench.close();
        shutdown(bench.broker());
        // Whatever still waited for time to pass would now speak to closed sessions.
        virtual.elapse(Duration.ofDays(200));
        bench.verify();
        assertThat(ownThreads()).as("threads").isEqualTo(threadsBefore);
        virtual.close();
    }
}
