package io.leasehold.pace;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** What stands in line is worked off once, by one at a time, whoever comes when. */
@Tag("once")
@Timeout(300)
class PaceInterleavingsTest {

    /** Counts what is handed to it, and whether two are at it at once. */
    private static final class Counter {
        private final AtomicInteger added = new AtomicInteger();
        private final AtomicInteger handed = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger bursts = new AtomicInteger();
        private volatile boolean overlapped;

        void step() {
            overlapped |= inside.incrementAndGet() != 1;
            handed.incrementAndGet();
            inside.decrementAndGet();
        }

        void burst() {
            overlapped |= inside.incrementAndGet() != 1;
            bursts.incrementAndGet();
            inside.decrementAndGet();
        }

        void validate() {
            boolean whole = handed.get() == added.get() && (added.get() == 0 || bursts.get() > 0);
            if (overlapped || !whole) {
                throw new IllegalStateException(handed + " of " + added + ", overlapped: " + overlapped);
            }
        }
    }

    private static void fail(Throwable fault) {
        throw new IllegalStateException(fault);
    }

    /** A line with a step that adds one more now and then. */
    public static class OverLine {
        private final Counter counter = new Counter();
        private final SerialLine<Element> line =
                new SerialLine<>(this::step, counter::burst, PaceInterleavingsTest::fail);

        private static final class Element extends SerialLine.Link {
            private boolean more;
        }

        private void step(Element element) {
            counter.step();
            if (element.more) {
                element.more = false;
                counter.added.incrementAndGet();
                line.add(element);
            }
        }

        private void add(boolean more) {
            line.add(counted(more));
        }

        private Element counted(boolean more) {
            Element element = new Element();
            element.more = more;
            counter.added.incrementAndGet();
            return element;
        }

        @Operation
        public void one() {
            add(false);
        }

        @Operation
        public void two() {
            add(true);
        }

        @Operation
        public void burst() {
            Burst.begin();
            try {
                line.addInBurst(counted(true));
                line.addInBurst(counted(false));
            } finally {
                Burst.end();
            }
        }

        @Validate
        public void validate() {
            counter.validate();
        }
    }

    /**
     * A loop that drains counts, at a stretch or with one pass at a time, and is entered within a pass now and then.
     */
    public static class OverDrainLoop {
        private final Counter counter = new Counter();
        private final DrainLoop loop = new DrainLoop();
        private final AtomicInteger filled = new AtomicInteger();
        private final AtomicInteger owed = new AtomicInteger();

        private void pass() {
            counter.burst();
            for (int left = filled.getAndSet(0); left > 0; left--) {
                counter.step();
            }
        }

        private void fill() {
            counter.added.incrementAndGet();
            filled.incrementAndGet();
        }

        @Operation
        public void drained() {
            fill();
            loop.enterAndDrain(this::pass);
        }

        @Operation
        public void drainedWithMore() {
            fill();
            loop.enterAndDrain(() -> {
                pass();
                if (counter.handed.get() == 1) {
                    fill();
                    loop.enterAndDrain(this::pass);
                }
            });
        }

        @Operation
        public void drainedInPasses() {
            fill();
            if (loop.enter() && !loop.drain(this::pass, 1)) {
                owed.incrementAndGet();
            }
        }

        @Validate
        public void validate() {
            if (owed.getAndSet(0) > 0) {
                loop.drain(this::pass);
            }
            counter.validate();
        }
    }

    /** A scheduler whose tasks run when a thread of the test gets round to them. */
    private static final class HandTurned implements Scheduler {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

        boolean turn() {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
            return task != null;
        }

        @Override
        public Disposable schedule(Runnable task) {
            tasks.add(task);
            return Disposables.disposed();
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            throw new IllegalStateException("nothing is delayed");
        }

        @Override
        public Worker createWorker() {
            return new Worker() {
                @Override
                public Disposable schedule(Runnable task) {
                    return HandTurned.this.schedule(task);
                }

                @Override
                public void dispose() {}
            };
        }
    }

    /** Loops over a queue: whatever was given to them runs, as long as threads come by. */
    public static class OverLoops {
        private final HandTurned scheduler = new HandTurned();
        private final AtomicInteger given = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final TaskLoops loops = new TaskLoops(scheduler, 2, PaceInterleavingsTest::fail);

        @Operation
        public void give() {
            given.incrementAndGet();
            loops.execute(done::incrementAndGet);
        }

        @Operation
        public void turn() {
            scheduler.turn();
        }

        @Operation(runOnce = true)
        public void dispose() {
            loops.dispose();
        }

        @Validate
        public void validate() {
            int turns = 0;
            while (scheduler.turn()) {
                turns++;
            }
            if (done.get() != given.get()) {
                throw new IllegalStateException(done + " of " + given + " after " + turns + " more turns");
            }
        }
    }

    @Test
    void nothingInASerialLineIsForgottenOrOverlaps() {
        Interleavings.check(OverLine.class, 3, 2);
    }

    @Test
    void nothingInADrainLoopIsForgottenOrOverlaps() {
        Interleavings.check(OverDrainLoop.class, 3, 2);
    }

    @Test
    void nothingGivenToLoopsIsForgotten() {
        Interleavings.check(OverLoops.class, 3, 2);
    }
}
