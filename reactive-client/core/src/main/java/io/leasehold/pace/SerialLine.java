package io.leasehold.pace;

import io.leasehold.api.Internal;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose elements are its own nodes, so that adding allocates nothing: takes links from any thread and hands
 * them, one at a time and in order, to one consumer. There is no thread and no lock: whoever finds nobody at work works
 * off the line, also what others add meanwhile. The consumer must not block and must not call user code.
 *
 * <pre>
 *   top:  null (idle) ──add──► link ◄──add──► link ...       whoever moves it away from null works
 *            ▲                   │ taken all at once, turned round
 *            └──── nothing ──── BUSY ◄──────────┘
 * </pre>
 *
 * <p>The line itself has no bound; what stands in it is bounded by what exists.
 *
 * @param <L> the elements
 */
@Internal
public final class SerialLine<L extends SerialLine.Link> {
    /** What can stand in a line: in one line only, and once at a time. */
    public abstract static class Link {
        private @Nullable Link next;
    }

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SerialLine, Link> TOP =
            AtomicReferenceFieldUpdater.newUpdater(SerialLine.class, Link.class, "top");

    private static final Link BUSY = new Link() {};

    /** After so many links at a stretch a worker passes the work on, if it can. */
    private static final int STRETCH = 4096;

    private final Consumer<? super L> step;
    private final Runnable afterBurst;
    private final Consumer<? super Throwable> onFault;
    private final @Nullable Executor relay;
    private final @Nullable Executor within;
    private final Runnable work = this::work;
    private final Runnable turns = this::turns;
    private volatile @Nullable Link top;

    /**
     * A line that belongs to its consumer.
     *
     * @param step called for each link, which may be added again from then on
     * @param afterBurst called when all present links were worked off, before others get their turn
     * @param onFault called when one of the two threw; the work goes on
     */
    public SerialLine(Consumer<? super L> step, Runnable afterBurst, Consumer<? super Throwable> onFault) {
        this(step, afterBurst, onFault, null, null);
    }

    /**
     * The same, with somebody who goes on when one thread has worked for {@value #STRETCH} links at a stretch: under
     * steady load a thread that has other duties would else never get away.
     *
     * @param relay runs a task soon, on a thread that may be kept busy for a while; when it rejects, the worker goes on
     * @param within runs a task at once on the calling thread, which is lent to this line by somebody else; null for as
     *     it is
     */
    public SerialLine(
            Consumer<? super L> step,
            Runnable afterBurst,
            Consumer<? super Throwable> onFault,
            @Nullable Executor relay,
            @Nullable Executor within) {
        this.relay = relay;
        this.within = within;
        this.step = step;
        this.afterBurst = afterBurst;
        this.onFault = onFault;
    }

    /**
     * Adds a link that stands in no line, and works the line off unless somebody is at it.
     *
     * @return whether this call worked; when false, somebody else does, perhaps the caller of the caller
     */
    public boolean add(L link) {
        boolean first = push(link);
        if (first) {
            work();
        }
        return first;
    }

    /** The same, at the end of this thread's {@link Burst} where there is one: what it adds is one burst here, too. */
    public void addInBurst(L link) {
        if (push(link) && !Burst.putOff(this)) {
            work();
        }
    }

    // True for whoever found nobody at work, and owes it.
    private boolean push(L link) {
        Link before = top;
        link(link, before);
        while (!TOP.compareAndSet(this, before, link)) {
            before = top;
            link(link, before);
        }
        return before == null;
    }

    private static void link(Link link, @Nullable Link before) {
        link.next = before == BUSY ? null : before;
    }

    /** Works it off, where that is owed. */
    void work() {
        if (within == null) {
            turns();
        } else {
            within.execute(turns);
        }
    }

    private void turns() {
        int done = 0;
        do {
            if (done >= STRETCH && isPassedOn()) {
                return;
            }
            Link taken = TOP.getAndSet(this, BUSY);
            done += burst(taken == BUSY ? null : turned(taken));
        } while (!TOP.compareAndSet(this, BUSY, null));
    }

    /** The line stays busy: whoever adds meanwhile leaves the work to the one who takes it over. */
    private boolean isPassedOn() {
        if (relay == null) {
            return false;
        }
        try {
            relay.execute(work);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** The newest is on top; the oldest comes first. */
    private static @Nullable Link turned(@Nullable Link newest) {
        Link first = null;
        Link link = newest;
        while (link != null) {
            Link older = link.next;
            link.next = first;
            first = link;
            link = older;
        }
        return first;
    }

    private int burst(@Nullable Link first) {
        int done = 0;
        Link link = first;
        while (link != null) {
            Link next = link.next;
            link.next = null;
            guarded(link);
            link = next;
            done++;
        }
        try {
            afterBurst.run();
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
        return done;
    }

    @SuppressWarnings("unchecked")
    private void guarded(Link link) {
        try {
            step.accept((L) link);
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
    }
}
