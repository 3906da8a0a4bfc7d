package io.leasehold.publish;

import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.pace.FatalErrors;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * One subscription to many publishes: a queue in the order of the messages, of which the head is given out as soon as
 * it has ended. A message is taken only against a result that was asked for, so that giving out never waits for
 * demand.
 *
 * <pre>
 *   source ──message──► queue (input order) ──► window ──ended──► wake ──one hop──► run: head, head, ... ──►
 *      subscriber ▲                                                                             │
 *      └───────────────────────────── Demand: as much as was asked for and fits ◄────┘
 * </pre>
 */
final class PublishAllSubscriber implements CoreSubscriber<Message>, Subscription, Signal {
    private static final AtomicIntegerFieldUpdater<PublishAllSubscriber> WORK =
            AtomicIntegerFieldUpdater.newUpdater(PublishAllSubscriber.class, "work");
    private static final AtomicIntegerFieldUpdater<PublishAllSubscriber> STOPPED =
            AtomicIntegerFieldUpdater.newUpdater(PublishAllSubscriber.class, "stopped");
    private static final int LINK = 128;
    /** After so many passes at a stretch others on the same scheduler get their turn. */
    private static final int PASSES = 4;

    private final PublishMode mode;
    private final PublishSettings limits;
    private final @Nullable Captured captured;
    private final Queue<QueuedPublish> queue =
            Queues.<QueuedPublish>unbounded(LINK).get();
    private @Nullable CoreSubscriber<? super PublishResult> actual;
    private @Nullable Subscription source;
    private @Nullable Demand demand;
    private @Nullable Throwable error;
    private volatile boolean done;
    private volatile int stopped;
    private volatile int work;

    PublishAllSubscriber(PublishMode mode, PublishSettings limits, CoreSubscriber<? super PublishResult> actual) {
        this.mode = mode;
        this.limits = limits;
        this.actual = actual;
        this.captured = mode.window().stages().capture(actual.currentContext());
    }

    /** What was taken of the subscriber for the stages; null where there are none. */
    @Nullable
    Captured captured() {
        return captured;
    }

    @Override
    public Context currentContext() {
        CoreSubscriber<? super PublishResult> to = actual;
        return to == null ? Context.empty() : to.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        CoreSubscriber<? super PublishResult> to = actual;
        if (to != null && Operators.validate(source, subscription)) {
            source = subscription;
            demand = new Demand(subscription, limits.window(), limits.windowBytes());
            to.onSubscribe(this);
        }
    }

    @Override
    public void onNext(Message message) {
        Objects.requireNonNull(message);
        if (done || stopped != 0) {
            return;
        }
        Objects.requireNonNull(demand).came(take(message));
        if (stopped != 0) {
            wakeFromOutside();
        }
    }

    /** Publishes it; returns how many bytes its body has. What has none has failed, in its place among the others. */
    private int take(Message message) {
        try {
            Message encoded = mode.window().codecs().encoded(message);
            QueuedPublish publish = new QueuedPublish(mode, encoded, this);
            queue.offer(publish);
            publish.post();
            return encoded.sizeBytes();
        } catch (MessagingException failed) {
            mode.window().events().unencodable(message, failed);
            queue.offer(QueuedPublish.unencodable(mode, message, this, failed));
            wakeFromOutside();
            return 0;
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure);
        if (done) {
            Operators.onErrorDropped(failure, currentContext());
            return;
        }
        end(failure);
    }

    @Override
    public void onComplete() {
        end(null);
    }

    /** No message follows; the error comes after the results of what was taken. */
    private void end(@Nullable Throwable failure) {
        if (!done) {
            error = failure;
            done = true;
            wakeFromOutside();
        }
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            Objects.requireNonNull(demand).add(n);
        } else {
            Objects.requireNonNull(source).cancel();
            end(Demand.bad(n));
        }
    }

    @Override
    public void cancel() {
        if (STOPPED.compareAndSet(this, 0, 1)) {
            Objects.requireNonNull(source).cancel();
            wakeFromOutside();
        }
    }

    /** Something has ended, or changed: one run is scheduled unless one is under way. Within the window's turn. */
    void wake() {
        if (WORK.getAndIncrement(this) == 0) {
            mode.window().signals().add(this);
        }
    }

    @Override
    public Executor where() {
        return mode.where();
    }

    private void wakeFromOutside() {
        wake();
        mode.window().signals().send();
    }

    @Override
    public void run() {
        int missed = work;
        for (int pass = 0; pass < PASSES; pass++) {
            giveOut(actual);
            missed = WORK.addAndGet(this, -missed);
            if (missed == 0) {
                return;
            }
        }
        where().execute(this);
    }

    private void giveOut(@Nullable CoreSubscriber<? super PublishResult> to) {
        if (to == null || stopped != 0) {
            actual = null;
            withdrawAll();
            return;
        }
        boolean all = done;
        long given = giveReady(to);
        if (given > 0) {
            Objects.requireNonNull(demand).give(given);
        }
        if (all && queue.isEmpty() && STOPPED.compareAndSet(this, 0, 1)) {
            actual = null;
            finish(to);
        }
    }

    private long giveReady(CoreSubscriber<? super PublishResult> to) {
        long given = 0;
        QueuedPublish head = queue.peek();
        while (head != null && head.isReady() && stopped == 0) {
            queue.poll();
            given++;
            give(to, head.result());
            head = queue.peek();
        }
        return given;
    }

    private void give(CoreSubscriber<? super PublishResult> to, PublishResult result) {
        try {
            to.onNext(result);
        } catch (Throwable fault) {
            cancel();
            mode.window().events().fault(fault);
            FatalErrors.handOn(fault);
        }
    }

    private void finish(CoreSubscriber<? super PublishResult> to) {
        if (error != null) {
            to.onError(error);
        } else {
            to.onComplete();
        }
    }

    /** What is not written is taken back; the rest is counted by the window when its answer comes. */
    private void withdrawAll() {
        for (QueuedPublish publish = queue.poll(); publish != null; publish = queue.poll()) {
            publish.withdraw();
        }
    }
}
