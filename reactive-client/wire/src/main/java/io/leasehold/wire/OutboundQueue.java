package io.leasehold.wire;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Takes from any thread what is to be written: it is encoded on the connection's own thread, into as few buffers as it
 * fits in, with one flush per burst. What is urgent goes first, the rest as far as the line takes it; each keeps its
 * order. While there is no connection, or the socket takes nothing, it waits here, up to a bound in bytes for each of
 * both.
 *
 * <pre>
 *   any thread:  top ◄── item ◄── item        whoever finds it empty wakes the loop
 *   the loop:    taken all at once, turned round ─┬─► urgent: first ──► ... ──► last ──┬─► encoded
 *                                                 └─► bulk:   first ──► ... ──► last ──┘
 * </pre>
 */
public final class OutboundQueue {
    private static final AtomicReferenceFieldUpdater<OutboundQueue, Outbound> TOP =
            AtomicReferenceFieldUpdater.newUpdater(OutboundQueue.class, Outbound.class, "top");

    private final long bound;
    private final ConnectionLoop loop;
    private final Runnable onWork;
    private final Waiting urgent = new Waiting();
    private final Waiting bulk = new Waiting();
    private volatile @Nullable Outbound top;
    private volatile @Nullable MessagingException shut;
    private volatile boolean refusing;

    /** Items in their order, on the loop; how many bytes of them wait, and of those on their way to it, anywhere. */
    private static final class Waiting {
        private final AtomicLong bytes = new AtomicLong();
        private @Nullable Outbound first;
        private @Nullable Outbound last;
        // Of those that were taken out and are still counted: the counter is everybody's, so it is told in bursts.
        private long takenBytes;

        void add(Outbound item) {
            item.next = null;
            if (last == null) {
                first = item;
            } else {
                last.next = item;
            }
            last = item;
        }

        @Nullable
        Outbound pop() {
            Outbound item = first;
            if (item != null) {
                first = item.next;
                last = first == null ? null : last;
                item.next = null;
                takenBytes += item.countedBytes;
            }
            return item;
        }

        void countTaken() {
            if (takenBytes > 0) {
                bytes.addAndGet(-takenBytes);
                takenBytes = 0;
            }
        }
    }

    /**
     * Makes an empty queue.
     *
     * @param bound how many bytes of what is urgent, and of what is not, may wait
     * @param onWork called on the loop when something was given
     */
    public OutboundQueue(long bound, ConnectionLoop loop, Runnable onWork) {
        this.bound = bound;
        this.loop = loop;
        this.onWork = onWork;
    }

    private Waiting of(Outbound item) {
        return item.isUrgent() ? urgent : bulk;
    }

    /** Takes an item, or refuses it with {@code CONNECTION_FULL} or {@code CLOSED}, in this call or later. */
    public void give(Outbound item) {
        int size = item.sizeBytes();
        Waiting waiting = of(item);
        long before = waiting.bytes.get();
        if (before > 0 && before + size > bound) {
            refusing = true;
            item.refused(new MessagingException(
                    ErrorCode.CONNECTION_FULL,
                    before + " bytes wait to be written, allowed are " + bound,
                    loop.protocol().codeSetting("pending-bytes"),
                    "wait until there is room"));
            return;
        }

        push(item, size, waiting);
    }

    /** Takes an item although there may be no room: for what takes up little and frees more. */
    public void force(Outbound item) {
        push(item, item.sizeBytes(), of(item));
    }

    private void push(Outbound item, int size, Waiting waiting) {
        item.countedBytes = size;
        waiting.bytes.addAndGet(size);
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
            of(item).bytes.addAndGet(-item.countedBytes);
            refuse(item, why);
            item = after;
        }
    }

    private void refuse(Outbound item, MessagingException why) {
        loop.guarded(() -> item.refused(why));
    }

    private MessagingException closed() {
        return new MessagingException(
                ErrorCode.CLOSED, "the connection is closed", loop.protocol().name(), "open another one");
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

    /** Encodes what waits, as far as the link takes it, and flushes once; on the loop. */
    public void drain(Link link) {
        collect();
        while (link.isWritable() && hasNext(link, 0)) {
            link.write(filled(link));
            // What is urgent by now goes before the rest.
            if (bulk.first != null) {
                collect();
            }
        }
        link.flush();
    }

    private void collect() {
        Outbound item = top == null ? null : turned(TOP.getAndSet(this, null));
        while (item != null) {
            Outbound after = item.next;
            of(item).add(item);
            item = after;
        }
    }

    private boolean hasNext(Link link, long more) {
        return urgent.first != null || (bulk.first != null && link.hasRoom(more));
    }

    private ByteBuf filled(Link link) {
        ByteBuf out = link.allocate(pendingBytes());
        long now = loop.nanos();
        boolean more = true;
        while (more) {
            Outbound item = pop();
            if (item != null) {
                emit(item, link, out, now);
            }
            more = out.readableBytes() < LinkWriter.BUFFER_BYTES && hasNext(link, out.readableBytes());
        }
        countTaken();
        link.mark(out);

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

    /** Takes the next one out; null when nothing waits. */
    @Nullable
    Outbound poll() {
        collect();
        Outbound item = pop();
        countTaken();
        return item;
    }

    private void countTaken() {
        urgent.countTaken();
        bulk.countTaken();
    }

    private @Nullable Outbound pop() {
        Outbound item = urgent.pop();
        return item == null ? bulk.pop() : item;
    }

    /** Drops what nobody wants any more, and makes room for others; on the loop. */
    public void sweep() {
        collect();
        sweep(urgent);
        sweep(bulk);
    }

    private void sweep(Waiting waiting) {
        Outbound item = waiting.first;
        waiting.first = null;
        waiting.last = null;
        while (item != null) {
            Outbound after = item.next;
            if (isWanted(item)) {
                waiting.add(item);
            } else {
                item.next = null;
                waiting.bytes.addAndGet(-item.countedBytes);
            }
            item = after;
        }
    }

    private boolean isWanted(Outbound item) {
        try {
            return item.isWanted();
        } catch (Throwable fault) {
            loop.fault(fault);
            return true;
        }
    }

    /** Tells, once, that there is room again after an item was refused for want of it; on the loop. */
    public boolean hasRoomAgain() {
        if (refusing && urgent.bytes.get() <= bound / 2 && bulk.bytes.get() <= bound / 2) {
            refusing = false;
            return true;
        }
        return false;
    }

    /** Tells whether nothing waits; on the loop. */
    public boolean isEmpty() {
        return urgent.first == null && bulk.first == null && top == null;
    }

    /** Refuses what waits, and from now on whatever is given; on the loop. */
    public void shut(MessagingException why) {
        shut = why;
        for (Outbound item = poll(); item != null; item = poll()) {
            refuse(item, why);
        }
    }

    // ---- anywhere

    /** Counts the bytes that wait to be written; safe from any thread. */
    public long pendingBytes() {
        return urgent.bytes.get() + bulk.bytes.get();
    }
}
