package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Interleavings;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads write at once while the connection ends: each item leaves, or is refused, once and in its order. */
@Tag("once")
@Timeout(300)
class LaneLincheckTest {

    /** A lane, and the loop behind it, whose last tasks are forgotten when it ends. */
    public abstract static class Writing implements Loop {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final Queue<Item> given = new ConcurrentLinkedQueue<>();
        private final Queue<Item> written = new ConcurrentLinkedQueue<>();
        private final AtomicInteger numbers = new AtomicInteger();
        private final AtomicInteger faults = new AtomicInteger();
        private final Lane lane;
        private volatile boolean ended;

        Writing(long bound) {
            lane = new Lane(bound, this, this::write);
        }

        private void write() {
            for (Item item = (Item) lane.poll(); item != null; item = (Item) lane.poll()) {
                item.ends.incrementAndGet();
                written.add(item);
            }
        }

        /** Somebody writes. */
        @Operation
        public void give() {
            Item item = new Item(Thread.currentThread(), numbers.incrementAndGet());
            given.add(item);
            lane.give(item);
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
            lane.shut(new MessagingException(ErrorCode.CLOSED, "the end", "test", "nothing"));
            ended = true;
            tasks.clear();
        }

        /** Nothing was forgotten, nothing left twice, and what one thread gave left in that order. */
        @Validate
        public void eachHasEndedOnce() {
            work();
            boolean once = given.stream().allMatch(item -> item.ends.get() == 1);
            if (!once || lane.pendingBytes() != 0 || !lane.isEmpty() || !isInOrder() || faults.get() != 0) {
                throw new IllegalStateException(
                        "given " + given + ", written " + written + ", pending " + lane.pendingBytes());
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

        // ---- the loop

        @Override
        public boolean execute(Runnable task) {
            if (!ended) {
                tasks.add(task);
            }
            return !ended;
        }

        @Override
        public void guarded(Runnable task) {
            task.run();
        }

        @Override
        public void fault(Throwable fault) {
            faults.incrementAndGet();
        }

        @Override
        public long nanos() {
            return 0;
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
        protected int payloadBytes() {
            return BYTES;
        }

        @Override
        protected void encode(ByteBuf out) {
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
