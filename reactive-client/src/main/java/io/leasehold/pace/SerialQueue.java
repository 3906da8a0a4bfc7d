package io.leasehold.pace;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import reactor.util.concurrent.Queues;

/**
 * Takes elements from any thread and hands them, one at a time and in order, to one consumer. There is no thread
 * and no lock: whoever finds nobody at work works off the queue, also what others add meanwhile. The consumer must
 * not block and must not call user code.
 *
 * <p>The queue itself has no bound; what is added to it must be bounded by something else (what is held, what a
 * window allows).
 *
 * @param <E> the elements
 */
public final class SerialQueue<E> {
    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<SerialQueue> WORK =
            AtomicIntegerFieldUpdater.newUpdater(SerialQueue.class, "work");

    private final Queue<E> queue = Queues.<E>unboundedMultiproducer().get();
    private final Consumer<? super E> step;
    private final Runnable afterBurst;
    private final Consumer<? super Throwable> onFault;

    @SuppressWarnings("unused") // read and written through WORK
    private volatile int work;

    /**
     * A queue that belongs to its consumer.
     *
     * @param step called for each element
     * @param afterBurst called when all present elements were worked off, before others get their turn
     * @param onFault called when one of the two threw; the loop goes on
     */
    public SerialQueue(Consumer<? super E> step, Runnable afterBurst, Consumer<? super Throwable> onFault) {
        this.step = step;
        this.afterBurst = afterBurst;
        this.onFault = onFault;
    }

    /** Adds an element, and works the queue off unless somebody is at it. */
    public void add(E element) {
        queue.offer(element);
        if (WORK.getAndIncrement(this) == 0) {
            drain();
        }
    }

    /**
     * Has what is added wait until it is {@linkplain #letGo let go}, so that many are worked off in one burst. True
     * when that is owed: on the same thread, whatever happens meanwhile. False when somebody is at work: nothing waits.
     */
    public boolean hold() {
        return WORK.compareAndSet(this, 0, 1);
    }

    /** Works off what was added since it was held. */
    public void letGo() {
        drain();
    }

    private void drain() {
        int missed = 1;
        do {
            burst();
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void burst() {
        try {
            for (E element = queue.poll(); element != null; element = queue.poll()) {
                guarded(element);
            }
            afterBurst.run();
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
    }

    private void guarded(E element) {
        try {
            step.accept(element);
        } catch (Throwable fault) {
            onFault.accept(fault);
        }
    }
}
