package io.leasehold.nats.jetstream;

import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.protocol.JsonWriter;
import io.leasehold.nats.protocol.Subject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** Asks the JetStream API. What is refused errors with a code of ours; what is in passing is repeated. */
final class JetStreamApi {
    /** How often something is asked that cannot be done, or that nobody who could answer is there for. */
    static final int TRIES_IN_VAIN = 20;

    private static final int TRIES_TOLD = 8;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private final NatsConnection connection;
    private final Scheduler time;
    private final Recorder recorder;
    private final String prefix;
    private final Duration limit;
    private volatile int levelKnown;

    JetStreamApi(NatsConnection connection, SessionContext context, String prefix, Duration limit) {
        this.connection = connection;
        this.time = context.time();
        this.recorder = context.recorder();
        this.prefix = prefix;
        this.limit = limit;
    }

    /** Returns a subject of the API. */
    Subject subject(String verb) {
        return Subject.of(prefix + "." + verb);
    }

    /**
     * Asks, and has the answer as it came, be it an error. While there is no connection, no answer or no leader, it is
     * asked again, which is told from time to time.
     */
    Mono<ApiResponse> ask(String verb, @Nullable Map<String, ?> body) {
        return ask(verb, body, TRIES_IN_VAIN);
    }

    /**
     * Asks like {@link #ask(String, Map)}, but so often at most.
     *
     * @param tries how often it is asked at most while there are too few servers for what is asked; the last such
     *     answer is then given
     */
    Mono<ApiResponse> ask(String verb, @Nullable Map<String, ?> body, int tries) {
        byte[] bytes = body == null ? new byte[0] : JsonWriter.write(body);
        return Mono.defer(() -> {
            AtomicInteger inVain = new AtomicInteger();
            return Mono.defer(() -> connection.ask(subject(verb), null, bytes, limit))
                    .map(ApiResponse::of)
                    .flatMap(answer -> isToRepeat(answer, verb, inVain, tries)
                            ? Mono.error(answer.error(verb))
                            : Mono.just(answer))
                    .retryWhen(Retry.backoff(Long.MAX_VALUE, PAUSE)
                            .maxBackoff(PAUSE_MAX)
                            .scheduler(time)
                            .filter(error -> isPassing(error) && !isInVain(error, inVain))
                            .doBeforeRetry(again -> tell(verb, again)));
        });
    }

    private static boolean isToRepeat(ApiResponse answer, String verb, AtomicInteger inVain, int tries) {
        if (!answer.isError() || !isPassing(answer.error(verb))) {
            return false;
        }
        return answer.errorCode() != ApiErrors.NO_SUITABLE_PEERS || inVain.incrementAndGet() < tries;
    }

    // Where a server that stands for all has no JetStream nobody ever listens, and what mangles answers may do so for
    // ever; everything else passes, be it after hours: a leader is elected, an account is switched on.
    private boolean isInVain(Throwable error, AtomicInteger inVain) {
        ErrorCode code = MessagingException.codeOf(error);
        boolean nobodyEver = code == ErrorCode.NO_RESPONDERS
                && !connection.server().hasJetStream()
                && connection.server().cluster().isEmpty();
        return (nobodyEver || code == ErrorCode.PROTOCOL) && inVain.incrementAndGet() >= TRIES_IN_VAIN;
    }

    /** Asks once, for what can be done without; errors with what came instead of an answer. */
    Mono<ApiResponse> askOnce(String verb) {
        return Mono.defer(() -> connection.ask(subject(verb), null, new byte[0], limit))
                .map(ApiResponse::of);
    }

    private void tell(String verb, Retry.RetrySignal again) {
        if (again.totalRetries() % TRIES_TOLD == TRIES_TOLD - 1) {
            recorder.event(MessagingEvent.because(MessagingEvent.Kind.TROUBLE, prefix + "." + verb, again.failure()));
        }
    }

    private static boolean isPassing(Throwable error) {
        ErrorCode code = MessagingException.codeOf(error);
        return code == ErrorCode.NO_RESPONDERS
                || code == ErrorCode.UNKNOWN
                || code == ErrorCode.DISCONNECTED
                || code == ErrorCode.PROTOCOL;
    }

    /** Returns the level of the API, by which features are known; 0 for servers before 2.11. */
    Mono<Long> level() {
        return require("INFO", null).map(answer -> answer.part("api").number("level", 0));
    }

    /** Tells whether it was found to be of this level before. Nobody exchanges servers for older ones. */
    boolean isKnownToHave(int level) {
        return level <= levelKnown;
    }

    /**
     * Completes when the API is of this level at least.
     *
     * @param what needs it
     * @return errors with {@link ErrorCode#UNSUPPORTED}
     */
    Mono<Void> requireLevel(int level, String what) {
        return isKnownToHave(level)
                ? Mono.empty()
                : level().flatMap(present -> present >= level
                        ? Mono.<Void>fromRunnable(() -> levelKnown = Math.max(levelKnown, level))
                        : Mono.error(JetStreamErrors.levelTooLow(present, level, what)));
    }

    /** Returns the same, with an error of the API as an error. */
    Mono<ApiResponse> require(String verb, @Nullable Map<String, ?> body) {
        return ask(verb, body).flatMap(answer -> answer.isError() ? Mono.error(answer.error(verb)) : Mono.just(answer));
    }
}
