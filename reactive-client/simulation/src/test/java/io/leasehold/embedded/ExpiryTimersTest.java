package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.BrokerBench;
import io.leasehold.broker.contract.TestConsumer;
import io.leasehold.broker.contract.VirtualClock;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Timers that come late, early, or although they were cancelled end no lease that has not run out. */
final class ExpiryTimersTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** Runs nothing by itself, and forgets no task although it was cancelled. */
    private static final class HandScheduler implements Scheduler {
        private final List<Runnable> tasks = new ArrayList<>();
        private long nanos = 500;
        private boolean rejects;

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            if (rejects) {
                throw new RejectedExecutionException("closed");
            }
            tasks.add(task);
            return Disposables.single();
        }

        @Override
        public long now(TimeUnit unit) {
            return unit.convert(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }

        void elapse(Duration duration) {
            nanos += duration.toNanos();
        }

        /** Runs all tasks that were ever scheduled, cancelled or not. */
        void runAll() {
            List.copyOf(tasks).forEach(Runnable::run);
        }
    }

    private final HandScheduler time = new HandScheduler();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final VirtualClock clock = new VirtualClock();
    private final BrokerBench bench = new BrokerBench(clock, broker, time, "timers");

    @AfterEach
    void tearDown() {
        clock.close();
    }

    @Test
    void aTimerThatComesEarlyWaitsAgain() {
        TestConsumer consumer = bench.holding("a").credit(1);
        time.elapse(LEASE.minusNanos(1));
        time.runAll();

        assertThat(consumer.count()).isEqualTo(1);

        time.elapse(Duration.ofNanos(1));
        time.runAll();
        assertThat(consumer.count()).isEqualTo(2);
    }

    @Test
    @Scenario(28)
    void aTimerThatRunsAlthoughItsLeaseWasSettledFreesNothing() {
        TestConsumer consumer = bench.consume("a").credit(2);
        bench.publishAll("a", "1", "2");
        time.elapse(LEASE);
        consumer.ack(consumer.handout(0));
        consumer.credit(5);
        time.runAll();

        assertThat(consumer.texts()).containsExactly("1", "2", "2");
    }

    @Test
    void aLeaseIsHeldUntilTheBrokerSaysSoHoweverLateItIs() {
        TestConsumer consumer = bench.holding("a").credit(1);
        time.elapse(LEASE.multipliedBy(2));
        assertThat(consumer.touch(consumer.last()).isConfirmed()).isTrue();

        time.runAll();
        assertThat(consumer.count()).isEqualTo(1);
        assertThat(consumer.ack(consumer.last()).isDone()).isTrue();

        time.elapse(LEASE);
        time.runAll();
        assertThat(consumer.count()).isEqualTo(1);
    }

    @Test
    void oneTaskAtMostWaitsHoweverManyAreHeld() {
        TestConsumer consumer = bench.consume("a").credit(1000);
        for (int i = 0; i < 1000; i++) {
            bench.publish("a", "m" + i);
            time.elapse(Duration.ofMillis(1));
        }
        consumer.handouts().forEach(consumer::touch);
        consumer.handouts().forEach(consumer::ack);

        assertThat(time.tasks).hasSize(1);
    }

    @Test
    void aTaskThatRunsAlthoughItWasCancelledSchedulesNothing() {
        TestConsumer longer = bench.holding("a");
        GroupSpec spec = new GroupSpec(
                bench.group("b"), TopicFilter.of(bench.topic("b")), Duration.ofSeconds(1), StartPosition.LATEST);
        TestConsumer shorter = bench.consume(bench.session(), spec).credit(1);
        bench.publish("b", "1");

        assertThat(time.tasks).as("the earlier lease took over").hasSize(2);

        time.runAll();
        assertThat(time.tasks)
                .as("one waits again, for the one that was too early")
                .hasSize(3);
        assertThat(longer.count() + shorter.count()).isEqualTo(2);
    }

    @Test
    void aClockThatGoesBackOrManyLeaseTimesEndNoLeaseEarly() {
        int leaseTimes = 50;
        TestConsumer[] consumers = new TestConsumer[leaseTimes];
        for (int i = 0; i < leaseTimes; i++) {
            GroupSpec spec = new GroupSpec(
                    bench.group("g" + i),
                    TopicFilter.of(bench.topic("a")),
                    Duration.ofSeconds(leaseTimes - i),
                    StartPosition.LATEST);
            consumers[i] = bench.consume(bench.session(), spec).credit(4);
        }
        bench.publish("a", "1");
        time.elapse(Duration.ofMillis(-100));
        bench.publish("a", "2");
        for (int second = 0; second < leaseTimes; second++) {
            for (int i = 0; i < leaseTimes; i++) {
                assertThat(consumers[i].count()).isEqualTo(leaseTimes - i <= second ? 4 : 2);
            }
            time.elapse(Duration.ofMillis(second == 0 ? 1100 : 1000));
            time.runAll();
        }
    }

    @Test
    void aSchedulerThatRefusesIsReportedAndTriedAgain() {
        TestConsumer consumer = bench.consume("a").credit(5);
        time.rejects = true;
        bench.publish("a", "1");
        time.rejects = false;
        bench.publish("a", "2");
        time.elapse(LEASE);
        time.runAll();

        assertThat(consumer.texts()).containsExactly("1", "2", "1", "2");
        assertThat(bench.faults()).singleElement().isInstanceOf(RejectedExecutionException.class);
    }
}
