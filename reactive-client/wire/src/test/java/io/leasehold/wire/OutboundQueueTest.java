package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is urgent goes first and finds room, and what nobody wants any more leaves. */
class OutboundQueueTest {
    private static final int BOUND = 1_000;

    private final List<Item> written = new ArrayList<>();
    private final TestLoop loop = new TestLoop();
    private final OutboundQueue queue = new OutboundQueue(BOUND, loop.loop, () -> {});

    @AfterEach
    void leave() {
        loop.close();
    }

    private static final class Item extends Outbound {
        private final boolean urgent;
        private final int bytes;
        private boolean wanted = true;
        private ErrorCode refusal;

        Item(boolean urgent, int bytes) {
            this.urgent = urgent;
            this.bytes = bytes;
        }

        @Override
        protected int sizeBytes() {
            return bytes;
        }

        @Override
        protected boolean isUrgent() {
            return urgent;
        }

        @Override
        protected boolean isWanted() {
            return wanted;
        }

        @Override
        protected void emit(Link link, ByteBuf out, long now) {
            throw new IllegalStateException("nothing is encoded here");
        }

        @Override
        protected void refused(MessagingException why) {
            refusal = why.code();
        }
    }

    private Item give(boolean urgent, int bytes) {
        Item item = new Item(urgent, bytes);
        queue.give(item);
        return item;
    }

    private List<Item> all() {
        for (Item item = (Item) queue.poll(); item != null; item = (Item) queue.poll()) {
            written.add(item);
        }
        return written;
    }

    @Test
    void whatIsUrgentGoesFirstAndEachKeepsItsOrder() {
        Item bulk = give(false, 10);
        Item first = give(true, 10);
        Item more = give(false, 10);
        Item second = give(true, 10);

        assertThat(all()).containsExactly(first, second, bulk, more);
    }

    @Test
    void whatIsUrgentIsNotRefusedForWhatIsNot() {
        give(false, BOUND);
        assertThat(give(false, 1).refusal).isEqualTo(ErrorCode.CONNECTION_FULL);
        assertThat(give(true, BOUND).refusal).isNull();
        assertThat(give(true, 1).refusal).isEqualTo(ErrorCode.CONNECTION_FULL);
    }

    @Test
    void whatNobodyWantsAnyMoreLeavesAndMakesRoom() {
        Item first = give(false, BOUND / 2);
        Item gone = give(false, BOUND / 2);
        Item touch = give(true, 10);

        assertThat(give(false, 1).refusal).isEqualTo(ErrorCode.CONNECTION_FULL);
        gone.wanted = false;
        touch.wanted = false;
        queue.sweep();
        assertThat(queue.pendingBytes()).isEqualTo(BOUND / 2);
        assertThat(queue.hasRoomAgain()).isTrue();
        Item last = give(false, BOUND / 2);

        assertThat(all()).containsExactly(first, last);
        assertThat(gone.refusal).isNull();
        assertThat(queue.pendingBytes()).isZero();
        assertThat(queue.isEmpty()).isTrue();
    }
}
