package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.protocol.Subject;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The requests of the JetStream API. What is refused errors with a code of ours; what is in passing is repeated. */
final class JetStreamApi {
    private static final int TRIES = 20;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private final NatsConnection connection;
    private final Scheduler time;
    private final String prefix;
    private final Duration limit;

    JetStreamApi(NatsConnection connection, Scheduler time, String prefix, Duration limit) {
        this.connection = connection;
        this.time = time;
        this.prefix = prefix;
        this.limit = limit;
    }

    /** A subject of the API. */
    Subject subject(String verb) {
        return Subject.of(prefix + "." + verb);
    }

    /** Asks, and has the answer as it came, be it an error; a server without a leader is asked again. */
    Mono<ApiAnswer> ask(String verb, @Nullable Map<String, ?> body) {
        byte[] bytes = body == null ? new byte[0] : Json.write(body);
        return Mono.defer(() -> connection.ask(subject(verb), null, bytes, limit))
                .map(ApiAnswer::of)
                .flatMap(answer -> answer.isError() && isPassing(answer.error(verb))
                        ? Mono.error(answer.error(verb))
                        : Mono.just(answer))
                .retryWhen(Retry.backoff(TRIES, PAUSE)
                        .maxBackoff(PAUSE_MAX)
                        .scheduler(time)
                        .filter(JetStreamApi::isPassing)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
    }

    private static boolean isPassing(Throwable error) {
        ErrorCode code = MessagingException.codeOf(error);
        return code == ErrorCode.NO_RESPONDERS || code == ErrorCode.UNKNOWN || code == ErrorCode.DISCONNECTED;
    }

    /** The same, with an error of the API as an error. */
    Mono<ApiAnswer> require(String verb, @Nullable Map<String, ?> body) {
        return ask(verb, body).flatMap(answer -> answer.isError() ? Mono.error(answer.error(verb)) : Mono.just(answer));
    }
}
