package io.leasehold.event;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.pace.DrainLoop;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.TaskLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Events as a hot sequence for any number of subscribers. Whoever reports is never held back: of what a subscriber does
 * not take in time the oldest are dropped, and it is told how many by an {@code EVENTS_DROPPED} in their place.
 */
@CheckReturnValue
public final class EventStream implements Recorder {
    /** How many events wait for one slow subscriber. */
    public static final int KEPT = 256;

    private static final int LOOPS = 2;

    private final TaskLoops users;
    private final AtomicReference<List<Listener>> listeners = new AtomicReference<>(List.of());
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean complete;

    /**
     * A stream.
     *
     * @param user where subscribers are signalled
     */
    public EventStream(Scheduler user) {
        // What a listener throws ends that listener, see below; there is nothing else that could throw.
        this.users = new TaskLoops(user, LOOPS, fault -> {});
    }

    @Override
    public void event(MessagingEvent event) {
        for (Listener listener : present()) {
            listener.offer(event);
        }
    }

    /** The events from the subscription on, signalled on the user scheduler; completes when the client is closed. */
    public Flux<MessagingEvent> events() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super MessagingEvent> actual) {
                Listener listener = new Listener(actual);
                listeners.updateAndGet(present -> with(present, listener));
                actual.onSubscribe(listener);
                if (complete) {
                    listener.end();
                }
            }
        };
    }

    /** How many events all subscribers together have missed. */
    public long dropped() {
        return dropped.get();
    }

    /** Nothing more will come. Repeatable. */
    public void complete() {
        complete = true;
        present().forEach(Listener::end);
        users.dispose();
    }

    private List<Listener> present() {
        return Objects.requireNonNull(listeners.get());
    }

    private static List<Listener> with(List<Listener> present, Listener more) {
        List<Listener> all = new ArrayList<>(present);
        all.add(more);
        return List.copyOf(all);
    }

    private static List<Listener> without(List<Listener> present, Listener gone) {
        List<Listener> rest = new ArrayList<>(present);
        rest.remove(gone);
        return List.copyOf(rest);
    }

    private final class Listener implements Subscription, Runnable {
        private final CoreSubscriber<? super MessagingEvent> actual;
        private final Queue<MessagingEvent> queue = new ConcurrentLinkedQueue<>();
        private final AtomicInteger size = new AtomicInteger();
        private final AtomicInteger missed = new AtomicInteger();
        private final AtomicLong requested = new AtomicLong();
        private final DrainLoop work = new DrainLoop();
        private final Runnable pass = this::pass;
        private volatile boolean done;
        private volatile boolean cancelled;

        Listener(CoreSubscriber<? super MessagingEvent> actual) {
            this.actual = actual;
        }

        void offer(MessagingEvent event) {
            queue.add(event);
            if (size.incrementAndGet() > KEPT && queue.poll() != null) {
                size.decrementAndGet();
                missed.incrementAndGet();
                dropped.incrementAndGet();
            }
            wake();
        }

        void end() {
            done = true;
            wake();
        }

        private void wake() {
            if (work.enter()) {
                users.execute(this);
            }
        }

        @Override
        public void run() {
            work.drain(pass);
        }

        private void pass() {
            try {
                give();
            } catch (Throwable thrown) {
                cancel();
                dropped(thrown);
            }
        }

        private void dropped(Throwable thrown) {
            try {
                Operators.onErrorDropped(thrown, actual.currentContext());
            } catch (Throwable again) {
                FatalErrors.handOn(again);
            }
            FatalErrors.handOn(thrown);
        }

        private void give() {
            boolean last = done;
            boolean any = true;
            while (any && !cancelled && requested.get() > 0) {
                any = giveNext();
            }
            if (last && !cancelled && queue.isEmpty() && missed.get() == 0) {
                cancel();
                actual.onComplete();
            }
        }

        private boolean giveNext() {
            MessagingEvent next = next();
            if (next == null) {
                return false;
            }
            if (requested.get() != Long.MAX_VALUE) {
                requested.decrementAndGet();
            }
            actual.onNext(next);
            return true;
        }

        private @Nullable MessagingEvent next() {
            int gap = missed.getAndSet(0);
            if (gap > 0) {
                return new MessagingEvent(Kind.EVENTS_DROPPED, "events", null, Map.of("dropped", gap));
            }
            MessagingEvent next = queue.poll();
            if (next != null) {
                size.decrementAndGet();
            }
            return next;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.accumulateAndGet(n, Operators::addCap);
                wake();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            listeners.updateAndGet(present -> without(present, this));
        }
    }
}
