package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The one way out: what any thread gives is encoded in that order, on the connection's own thread, into as few buffers
 * as it fits in, with one flush per burst. While there is no connection, or the socket takes nothing, it waits here, up
 * to a bound in bytes.
 *
 * <pre>
 *   any thread:  top ◄── item ◄── item        whoever finds it empty wakes the loop
 *   the loop:    taken all at once, turned round ──► held: head ──► ... ──► tail ──► encoded
 * </pre>
 */
final class Lane {
    private static final AtomicReferenceFieldUpdater<Lane, Outbound> TOP =
            AtomicReferenceFieldUpdater.newUpdater(Lane.class, Outbound.class, "top");

    private final long bound;
    private final Loop loop;
    private final Runnable onWork;
    private final AtomicLong pending = new AtomicLong();
    private volatile @Nullable Outbound top;
    private volatile @Nullable MessagingException shut;
    private volatile boolean refusing;
    private @Nullable Outbound head;
    private @Nullable Outbound tail;

    /**
     * An empty lane.
     *
     * @param onWork called on the loop when something was given
     */
    Lane(long bound, Loop loop, Runnable onWork) {
        this.bound = bound;
        this.loop = loop;
        this.onWork = onWork;
    }

    /** Takes an item, or refuses it. */
    void give(Outbound item) {
        int size = item.sizeBytes();
        long before = pending.get();
        if (before > 0 && before + size > bound) {
            refusing = true;
            item.refused(new MessagingException(
                    ErrorCode.CONNECTION_FULL,
                    before + " bytes wait to be written, allowed are " + bound,
                    "nats.pending-bytes",
                    "wait until there is room, or allow more"));
            return;
        }
        push(item, size);
    }

    /** Takes an item although there may be no room: for what takes up little and frees more. */
    void force(Outbound item) {
        push(item, item.sizeBytes());
    }

    private void push(Outbound item, int size) {
        item.countedBytes = size;
        pending.addAndGet(size);
        Outbound before = top;
        item.next = before;
        while (!TOP.compareAndSet(this, before, item)) {
            before = top;
            item.next = before;
        }
        boolean taken = before != null || loop.execute(onWork);
        if (!taken || shut != null) {
            refuseAll();
        }
    }

    // Whoever takes the stack has all of it: what comes after the last look of the loop is refused by who gave it.
    private void refuseAll() {
        MessagingException why = shut == null ? closed() : shut;
        Outbound item = turned(TOP.getAndSet(this, null));
        while (item != null) {
            Outbound after = item.next;
            item.next = null;
            pending.addAndGet(-item.countedBytes);
            refuse(item, why);
            item = after;
        }
    }

    private void refuse(Outbound item, MessagingException why) {
        loop.guarded(() -> item.refused(why));
    }

    private static MessagingException closed() {
        return new MessagingException(ErrorCode.CLOSED, "the connection is closed", "nats", "open another one");
    }

    private static @Nullable Outbound turned(@Nullable Outbound newest) {
        Outbound first = null;
        Outbound item = newest;
        while (item != null) {
            Outbound older = item.next;
            item.next = first;
            first = item;
            item = older;
        }
        return first;
    }

    // ---- on the loop

    /** Encodes what waits, as far as the connection takes it, and flushes. */
    void drain(Link link) {
        collect();
        while (head != null && link.isWritable()) {
            link.write(filled(link));
        }
        link.writer().flush();
    }

    private void collect() {
        Outbound item = top == null ? null : turned(TOP.getAndSet(this, null));
        if (item == null) {
            return;
        }
        if (tail == null) {
            head = item;
        } else {
            tail.next = item;
        }
        Outbound last = item;
        while (last.next != null) {
            last = last.next;
        }
        tail = last;
    }

    private ByteBuf filled(Link link) {
        ByteBuf out = link.writer().allocate(pending.get());
        long now = loop.nanos();
        Outbound item = pop();
        while (item != null) {
            emit(item, link, out, now);
            item = out.readableBytes() < LinkWriter.BUFFER_BYTES ? pop() : null;
        }
        return out;
    }

    private void emit(Outbound item, Link link, ByteBuf out, long now) {
        int mark = out.writerIndex();
        try {
            item.emit(link, out, now);
        } catch (Throwable fault) {
            out.writerIndex(mark);
            loop.fault(fault);
        }
    }

    /** Takes the oldest out; null when nothing waits. */
    @Nullable
    Outbound poll() {
        collect();
        return pop();
    }

    private @Nullable Outbound pop() {
        Outbound item = head;
        if (item != null) {
            head = item.next;
            tail = head == null ? null : tail;
            item.next = null;
            pending.addAndGet(-item.countedBytes);
        }
        return item;
    }

    /** Whether somebody was refused, and there is room again by now; true once. */
    boolean hasRoomAgain() {
        if (refusing && pending.get() <= bound / 2) {
            refusing = false;
            return true;
        }
        return false;
    }

    boolean isEmpty() {
        return head == null && top == null;
    }

    /** Refuses what waits, and whatever comes. */
    void shut(MessagingException why) {
        shut = why;
        for (Outbound item = poll(); item != null; item = poll()) {
            refuse(item, why);
        }
    }

    // ---- anywhere

    long pendingBytes() {
        return pending.get();
    }
}
