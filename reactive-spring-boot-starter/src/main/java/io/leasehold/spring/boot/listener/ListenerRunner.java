package io.leasehold.spring.boot.listener;

import io.leasehold.consume.GroupControl;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Backoff;
import io.leasehold.spring.boot.autoconfigure.Refusals;
import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Runs one listener; what it does is in {@link RunnerState}, whose transitions have their effects here. */
final class ListenerRunner {
    private static final Logger log = LoggerFactory.getLogger(ListenerRunner.class);
    private static final Backoff AGAIN = Backoff.from(Duration.ofSeconds(1));

    /** How much longer than its limit a drain may take before the subscription is cancelled. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Listener listener;
    private final OutcomeObservers observers;
    private final Scheduler timer;
    private final AtomicReference<RunnerState> state = new AtomicReference<>(RunnerState.INITIAL);

    ListenerRunner(Listener listener, OutcomeObservers observers, Scheduler timer) {
        this.listener = listener;
        this.observers = observers;
        this.timer = timer;
    }

    Listener listener() {
        return listener;
    }

    private RunnerState now() {
        return Objects.requireNonNull(state.get());
    }

    ListenerStatus status() {
        RunnerState present = now();
        Throwable error = present.error();
        return new ListenerStatus(
                listener.id(),
                listener.topic(),
                listener.group(),
                listener.client(),
                listener.where(),
                present.shown(),
                error == null ? null : MessagingException.codeOf(error),
                error == null ? null : error.toString());
    }

    // ---- what is asked

    /**
     * Starts it.
     *
     * @throws MessagingException when what the application says of it is refused, before the broker is asked
     */
    void start() {
        ListenerLife life = new ListenerLife();
        RunnerState before = state.getAndUpdate(present -> present.started(life));
        ListenerLife last = before.life();
        if (before.isOver()) {
            throwIfRefused(subscribe(life));
        } else if (before.phase() == Phase.STOPPING && last != null) {
            last.over().subscribe(nothing -> {}, error -> {}, this::startAgain);
        }
    }

    private void startAgain() {
        try {
            start();
        } catch (MessagingException refused) {
            log.debug("Listener {} did not start again", listener.id(), refused);
        }
    }

    // What was signalled on this thread, before the subscription returned, depends on nothing but the application.
    private void throwIfRefused(@Nullable Throwable atOnce) {
        if (atOnce instanceof MessagingException refused && !mayPass(refused.code(), true)) {
            throw Refusals.within(listener.where(), withSpringsRemedy(refused));
        }
    }

    /** Tells whether an error may pass while the application lives: what the broker says, and what passes by itself. */
    private static boolean mayPass(ErrorCode code, boolean atOnce) {
        // Of a group that exists with a shorter time than ours the broker tells.
        boolean told = code == ErrorCode.LEASE_TIME_TOO_SHORT && !atOnce;
        return told || code.retryable() || code.category() == ErrorCode.Category.BROKER || code == ErrorCode.INTERNAL;
    }

    /**
     * Completes when the broker has found or made what the listener needs; errors with what ended its first
     * subscription before that.
     */
    Mono<Void> begun() {
        return Mono.defer(() -> {
            ListenerLife life = now().life();
            Mono<Void> begun = control().begun();
            return life == null ? begun : begun.onErrorResume(ended -> life.firstEnd());
        });
    }

    private static MessagingException withSpringsRemedy(MessagingException refused) {
        if (refused.code() != ErrorCode.CODEC_MISSING) {
            return refused;
        }

        return new MessagingException(
                refused.code(),
                refused.what(),
                refused.subject(),
                "add spring-boot-starter-jackson for JSON, or a Codecs bean that knows the type",
                refused);
    }

    Mono<Void> stop() {
        return Mono.defer(() -> {
            RunnerState before = state.getAndUpdate(RunnerState::stopAsked);
            ListenerLife life = before.life();
            if (life == null || before.isOver()) {
                return Mono.empty();
            }
            if (before.phase() == Phase.RUNNING) {
                drain(life);
            } else if (before.phase() == Phase.RETRYING) {
                life.end();
            }
            return life.over();
        });
    }

    private void drain(ListenerLife life) {
        Duration limit = listener.drainTimeout();
        control()
                .drain(limit)
                .then(life.over())
                .timeout(limit.plus(GRACE), timer)
                .subscribe(nothing -> {}, error -> giveUp(life, error));
    }

    private void giveUp(ListenerLife life, Throwable error) {
        log.warn("Listener {} did not stop in order and is cancelled", listener.id(), error);
        state.getAndUpdate(present -> present.ended(life));
        life.cancel();
        life.end();
    }

    private GroupControl control() {
        return listener.consuming().consumer().control();
    }

    // When the subscription has ended at the same time there is nothing to steer.
    private static void steer(Mono<Void> step) {
        step.subscribe(done -> {}, notConsumed -> {});
    }

    void pause() {
        RunnerState before = state.getAndUpdate(present -> present.pausing(true));
        if (before.phase() == Phase.RUNNING && !before.paused()) {
            steer(control().pause());
        }
    }

    void resume() {
        RunnerState before = state.getAndUpdate(present -> present.pausing(false));
        if (before.phase() == Phase.RUNNING && before.paused()) {
            steer(control().resume());
        }
    }

    // ---- what happens

    /** Subscribes, and returns the error that came before the subscription returned. */
    private @Nullable Throwable subscribe(ListenerLife life) {
        Thread caller = Thread.currentThread();
        AtomicReference<@Nullable Throwable> atOnce = new AtomicReference<>();
        AtomicBoolean returned = new AtomicBoolean();
        life.subscribed(listener.consuming()
                .outcomes()
                .subscribe(
                        outcome -> ended(life, outcome),
                        error -> {
                            boolean first = !returned.get() && Thread.currentThread() == caller;
                            atOnce.set(first ? error : null);
                            failed(life, error, first);
                        },
                        () -> completed(life)));
        returned.set(true);
        // Asked for while it was retrying.
        if (now().paused()) {
            steer(control().pause());
        }

        return atOnce.get();
    }

    private void ended(ListenerLife life, Outcome outcome) {
        life.worked();
        observers.ended(listener.id(), outcome);
    }

    private void completed(ListenerLife life) {
        RunnerState before = state.getAndUpdate(present -> present.ended(life));
        if (before.isOf(life) && before.phase() == Phase.RUNNING) {
            log.info("Listener {} has stopped: somebody else drained its consumer", listener.id());
        }
        life.end();
    }

    private void failed(ListenerLife life, Throwable error, boolean atOnce) {
        ErrorCode code = MessagingException.codeOf(error);
        boolean mayPass = mayPass(code, atOnce);
        RunnerState before = state.getAndUpdate(present -> present.failed(life, error, mayPass));
        RunnerState now = before.failed(life, error, mayPass);
        int failures = life.failed(error);
        if (now.phase() == Phase.RETRYING && before.phase() == Phase.RUNNING) {
            retry(life, failures, code, error);
            return;
        }
        if (now.phase() == Phase.FAILED && before.phase() == Phase.RUNNING) {
            log.error(
                    "Listener {} has failed with {} {} and takes no more messages; mend the cause and start it again",
                    listener.id(),
                    code.id(),
                    code,
                    error);
        }
        life.end();
    }

    private void retry(ListenerLife life, int failures, ErrorCode code, Throwable error) {
        long nanos = AGAIN.delayNanos(failures, ThreadLocalRandom.current().nextDouble());
        log.warn(
                "Listener {} takes no messages: it ended with {} {} and begins again in {} ms, try {}: {}",
                listener.id(),
                code.id(),
                code,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                failures,
                error.toString());
        life.delayed(timer.schedule(() -> again(life), nanos, TimeUnit.NANOSECONDS));
    }

    private void again(ListenerLife life) {
        RunnerState before = state.getAndUpdate(present -> present.retried(life));
        if (before.isOf(life) && before.phase() == Phase.RETRYING) {
            subscribe(life);
        }
    }
}
