package io.leasehold.wire;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.pace.Interleavings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Many threads write at once while the connection ends: each item leaves, or is refused, once and in its order. */
@Tag("once")
@Timeout(300)
class OutboundQueueLincheckTest {

    /** A queue, and the loop behind it, whose last tasks are forgotten when it ends. */
    public abstract static class Writing {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final Queue<Item> given = new ConcurrentLinkedQueue<>();
        private final Queue<Item> written = new ConcurrentLinkedQueue<>();
        private final AtomicInteger numbers = new AtomicInteger();
        private final AtomicInteger faults = new AtomicInteger();
        private final OutboundQueue queue;
        private volatile boolean ended;

        Writing(long bound) {
            Scheduler here = Schedulers.immediate();
            ConnectionContext context = new ConnectionContext("checker", new Ticker(here), here, here, new Faults());
            ConnectionLoop loop = new ConnectionLoop(TestLoop.PROTOCOL, context, Writing::noThreads, this::run, false);
            queue = new OutboundQueue(bound, loop, this::write);
        }

        private static EventLoopGroup noThreads(boolean useNative) {
            throw new UnsupportedOperationException("nothing is connected here");
        }

        private final class Faults implements Recorder {
            @Override
            public void fault(Throwable fault) {
                faults.incrementAndGet();
            }
        }

        private void write() {
            for (Item item = (Item) queue.poll(); item != null; item = (Item) queue.poll()) {
                item.ends.incrementAndGet();
                written.add(item);
            }
        }

        /** Somebody writes. */
        @Operation
        public void give() {
            Item item = new Item(Thread.currentThread(), numbers.incrementAndGet());
            given.add(item);
            queue.give(item);
        }

        /** The loop has time. */
        @Operation(nonParallelGroup = "loop")
        public void work() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        /** The connection ends, and its loop. */
        @Operation(nonParallelGroup = "loop")
        public void end() {
            queue.shut(new MessagingException(ErrorCode.CLOSED, "the end", "test", "nothing"));
            ended = true;
            tasks.clear();
        }

        /** Nothing was forgotten, nothing left twice, and what one thread gave left in that order. */
        @Validate
        public void eachHasEndedOnce() {
            work();
            boolean once = given.stream().allMatch(item -> item.ends.get() == 1);
            if (!once || queue.pendingBytes() != 0 || !queue.isEmpty() || !isInOrder() || faults.get() != 0) {
                throw new IllegalStateException(
                        "given " + given + ", written " + written + ", pending " + queue.pendingBytes());
            }
        }

        private boolean isInOrder() {
            Map<Thread, Integer> last = new HashMap<>();
            boolean ordered = true;
            for (Item item : written) {
                Integer before = last.put(item.giver, item.number);
                ordered &= before == null || before < item.number;
            }
            return ordered;
        }

        // Behind the loop.
        private void run(Runnable task) {
            if (ended) {
                throw new RejectedExecutionException("the loop has ended");
            }
            tasks.add(task);
        }
    }

    private static final class Item extends Outbound {
        private static final int BYTES = 10;

        private final AtomicInteger ends = new AtomicInteger();
        private final Thread giver;
        private final int number;

        Item(Thread giver, int number) {
            this.giver = giver;
            this.number = number;
        }

        @Override
        protected int sizeBytes() {
            return BYTES;
        }

        @Override
        protected void emit(Link link, ByteBuf out, long now) {
            throw new IllegalStateException("nothing is encoded here");
        }

        @Override
        protected void refused(MessagingException why) {
            ends.incrementAndGet();
        }

        @Override
        public String toString() {
            return number + " ended " + ends;
        }
    }

    /** Room for all. */
    public static class Wide extends Writing {
        /** For the checker. */
        public Wide() {
            super(1_000_000);
        }
    }

    /** Room for one. */
    public static class Narrow extends Writing {
        /** For the checker. */
        public Narrow() {
            super(Item.BYTES);
        }
    }

    @Test
    void whatIsGivenLeavesOrIsRefusedOnceAndInItsOrder() {
        Interleavings.check(Wide.class, 2, 2);
    }

    @Test
    void whatFindsNoRoomIsRefusedOnce() {
        Interleavings.checkBriefly(Narrow.class, 2, 3);
    }
}
