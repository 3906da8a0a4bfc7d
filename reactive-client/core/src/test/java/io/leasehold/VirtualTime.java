package io.leasehold;

import java.lang.reflect.Field;
import java.util.Queue;
import java.util.concurrent.PriorityBlockingQueue;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Virtual time into which real threads may schedule. That of Reactor looks at its first task and takes out the first
 * one a moment later: what another thread schedules in between is lost, and the one that was looked at runs twice. Here
 * it takes out what it has looked at.
 */
public final class VirtualTime {
    private VirtualTime() {}

    /** Another one, beginning at zero. */
    public static VirtualTimeScheduler create() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        try {
            Field queue = VirtualTimeScheduler.class.getDeclaredField("queue");
            queue.setAccessible(true);
            Queue<?> exact = new Exact<>();
            queue.set(time, exact);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("Reactor's virtual time has no queue any more", changed);
        }
        return time;
    }

    /** One thread at a time looks at it and takes out; any thread adds. */
    private static final class Exact<E> extends PriorityBlockingQueue<E> {
        private static final long serialVersionUID = 1;

        private transient @Nullable E lookedAt;

        @Override
        public @Nullable E peek() {
            lookedAt = super.peek();
            return lookedAt;
        }

        @Override
        public @Nullable E poll() {
            E taken = lookedAt;
            if (taken != null) {
                remove(taken);
            }
            return taken;
        }
    }
}
