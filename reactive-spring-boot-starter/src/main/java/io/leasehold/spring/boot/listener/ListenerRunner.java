package io.leasehold.spring.boot.listener;

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
import java.util.concurrent.atomic.AtomicReference;
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
                listener.where(),
                present.shown(),
                error == null ? null : MessagingException.codeOf(error),
                error == null ? null : error.toString());
    }

    // ---- what is asked

    void start() {
        RunnerLife life = new RunnerLife();
        RunnerState before = state.getAndUpdate(present -> present.started(life));
        RunnerLife last = before.life();
        if (before.isOver()) {
            subscribe(life);
            throwIfRefused(life);
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

    private void throwIfRefused(RunnerLife life) {
        RunnerState present = now();
        if (present.isOf(life)
                && present.phase() == Phase.FAILED
                && present.error() instanceof MessagingException refused) {
            throw Refusals.within(listener.where(), withSpringsRemedy(refused));
        }
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
            RunnerLife life = before.life();
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

    private void drain(RunnerLife life) {
        Duration limit = listener.drainTimeout();
        listener.consuming()
                .consumer()
                .drain(limit)
                .then(life.over())
                .timeout(limit.plus(GRACE), timer)
                .subscribe(nothing -> {}, error -> giveUp(life, error));
    }

    private void giveUp(RunnerLife life, Throwable error) {
        log.warn("Listener {} did not stop in order and is cancelled", listener.id(), error);
        state.getAndUpdate(present -> present.over(life));
        life.cancel();
        life.end();
    }

    void pause() {
        RunnerState before = state.getAndUpdate(present -> present.pausing(true));
        if (before.phase() == Phase.RUNNING && !before.paused()) {
            listener.consuming().consumer().pause();
        }
    }

    void resume() {
        RunnerState before = state.getAndUpdate(present -> present.pausing(false));
        if (before.phase() == Phase.RUNNING && before.paused()) {
            listener.consuming().consumer().resume();
        }
    }

    // ---- what happens

    private void subscribe(RunnerLife life) {
        life.subscribed(listener.consuming()
                .outcomes()
                .subscribe(outcome -> ended(life, outcome), error -> failed(life, error), () -> completed(life)));
        // Asked for while it was retrying.
        if (now().paused()) {
            listener.consuming().consumer().pause();
        }
    }

    private void ended(RunnerLife life, Outcome outcome) {
        life.worked();
        observers.ended(listener.id(), outcome);
    }

    private void completed(RunnerLife life) {
        RunnerState before = state.getAndUpdate(present -> present.over(life));
        if (before.isOf(life) && before.phase() == Phase.RUNNING) {
            log.info("Listener {} has stopped: somebody else drained its consumer", listener.id());
        }
        life.end();
    }

    private void failed(RunnerLife life, Throwable error) {
        ErrorCode code = MessagingException.codeOf(error);
        RunnerState before = state.getAndUpdate(present -> present.failed(life, error, code.retryable()));
        RunnerState now = before.failed(life, error, code.retryable());
        if (now.phase() == Phase.RETRYING && before.phase() == Phase.RUNNING) {
            retry(life, code, error);
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

    private void retry(RunnerLife life, ErrorCode code, Throwable error) {
        long nanos = AGAIN.delayNanos(life.failed(), ThreadLocalRandom.current().nextDouble());
        log.warn(
                "Listener {} ended with {} {} and begins again in {} ms: {}",
                listener.id(),
                code.id(),
                code,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                error.toString());
        life.delayed(timer.schedule(() -> again(life), nanos, TimeUnit.NANOSECONDS));
    }

    private void again(RunnerLife life) {
        RunnerState before = state.getAndUpdate(present -> present.retried(life));
        if (before.isOf(life) && before.phase() == Phase.RETRYING) {
            subscribe(life);
        }
    }
}
