package io.leasehold.consume;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Handout;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import io.leasehold.pace.Backoff;
import io.leasehold.publish.MessagePublisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * Publishes dead letters; see {@link DeadLetter}. The original stays leased until the letter is confirmed. A letter
 * that is not confirmed within {@value #TRY_SECONDS} s gives its slot back: the original is given back, too, and its
 * next delivery is the next try, later and later.
 *
 * <p>The id of a letter is made of the message: of its id, its place at the broker and its body. So a letter that is
 * written twice is recognised, and one of another message that has the same id is not taken for it.
 */
final class DeadLetters {
    static final int TRY_SECONDS = 5;

    private static final Duration TRY = Duration.ofSeconds(TRY_SECONDS);
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    // Every few minutes.
    private static final int TRIES_TOLD = 20;
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);
    private static final Backoff OWED = Backoff.builder()
            .first(Duration.ofSeconds(1))
            .max(Duration.ofMinutes(5))
            .jitter(0)
            .build();

    private final String topic;
    private final String group;
    private final MessagePublisher publisher;
    private final Recorder recorder;
    private final Scheduler time;
    private final Map<String, Object> said;
    private final BiConsumer<Handout, ErrorCode> owed;
    private final Backoff redelivery;

    /**
     * Makes one.
     *
     * @param said what the event of each letter says besides
     * @param owed hears of each delivery whose letter could not be written
     */
    DeadLetters(
            String topic,
            String group,
            ConsumeContext client,
            Map<String, Object> said,
            BiConsumer<Handout, ErrorCode> owed,
            Backoff redelivery) {
        this.topic = topic;
        this.group = group;
        this.publisher = client.publisher();
        this.recorder = client.recorder();
        this.time = client.time();
        this.said = said;
        this.owed = owed;
        this.redelivery = redelivery;
    }

    /** Has the broker keep what is published to the topic although nobody consumes it yet. */
    Mono<Void> declared(BrokerSession session) {
        return Mono.defer(() -> session.declare(new RetentionSpec(TopicFilter.of(topic), Retention.defaults())));
    }

    /**
     * Publishes the letter of a delivery; errors when it is refused, or not confirmed in time.
     *
     * @param held whether its lease is held, without which there is no further try
     */
    Mono<PublishReceipt> send(Handout delivery, BooleanSupplier held, ErrorCode code, @Nullable String reason) {
        Message source = delivery.message();
        DeadLetter.Cause cause = new DeadLetter.Cause(group, delivery.deliveryCount(), code, reason);

        return published(source, delivery.ref(), cause)
                .retryWhen(again().filter(error -> isRetryable(error) && held.getAsBoolean()))
                .timeout(TRY, Mono.error(DeadLetters::unconfirmed), time)
                .doOnSuccess(receipt -> recorder.event(moved(source, cause, said)))
                .doOnError(error -> {
                    recorder.event(failed(source, error));
                    owed.accept(delivery, ErrorCode.DEAD_LETTER_FAILED);
                });
    }

    /**
     * Publishes the letter of a message that the broker itself has given up, which nobody holds: until it is confirmed
     * or refused for good, or the client closes, which is told at the first failure and then every few minutes. All
     * members of the group may do so, since the id is the same.
     */
    Mono<PublishReceipt> sendGivenUp(Object ref, Message message, int deliveries, GivenUpLetters open) {
        DeadLetter.Cause cause =
                new DeadLetter.Cause(group, deliveries, ErrorCode.NEVER_FINISHED, "the broker has given up on it");
        Mono<PublishReceipt> tried = published(message, ref, cause)
                .retryWhen(again().filter(DeadLetters::isRetryable).doBeforeRetry(again -> {
                    if (again.totalRetries() % TRIES_TOLD == 0) {
                        recorder.event(failed(message, again.failure()));
                    }
                }));

        return open.untilClosed(tried, group)
                .doOnSuccess(receipt -> recorder.event(moved(message, cause, Map.of())))
                .doOnError(error -> recorder.event(failed(message, error)));
    }

    /** Publishes what is too large with all that we add without our reason, then with the least. */
    private Mono<PublishReceipt> published(Message source, Object ref, DeadLetter.Cause cause) {
        return Mono.defer(() -> {
            DeadLetter.Cause terse = new DeadLetter.Cause(group, cause.deliveries(), cause.code(), null);
            return letter(source, ref, DeadLetter.headersOf(source, cause))
                    .onErrorResume(
                            DeadLetters::isTooLarge, large -> letter(source, ref, DeadLetter.headersOf(source, terse)))
                    .onErrorResume(
                            DeadLetters::isTooLarge,
                            large -> letter(source, ref, DeadLetter.leastHeadersOf(source, terse)));
        });
    }

    private Mono<PublishReceipt> letter(Message source, Object ref, Headers headers) {
        return publisher.publish(source.topic(topic).headers(headers).id(letterId(source, ref)));
    }

    private RetryBackoffSpec again() {
        return Retry.backoff(Long.MAX_VALUE, RETRY_FIRST)
                .maxBackoff(RETRY_MAX)
                .jitter(0)
                .scheduler(time);
    }

    /** Gives the delay of the nak after so many letters of a message failed. */
    long delayNanos(int failures) {
        return Math.max(redelivery.maxNanos(), OWED.delayNanos(Math.max(1, failures), 0.5));
    }

    /** Tells whether no later try of a letter can succeed: it is what it is, and that is refused. */
    static boolean isHopeless(Throwable error) {
        return error instanceof MessagingException ours && ours.code().category() == ErrorCode.Category.USAGE;
    }

    private MessageId letterId(Message source, Object ref) {
        String id = idOf(source);
        String body = source.sizeBytes() + ":" + Arrays.hashCode(source.bytes());
        String name = String.join("\n", group, source.topic(), id, ref.toString(), body);
        return MessageId.of("dead-" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean isRetryable(Throwable error) {
        return error instanceof MessagingException ours && ours.code().retryable();
    }

    private static boolean isTooLarge(Throwable error) {
        return MessagingException.codeOf(error) == ErrorCode.TOO_LARGE;
    }

    private static MessagingException unconfirmed() {
        return new MessagingException(
                ErrorCode.PUBLISH_TIMEOUT,
                "a dead letter was not confirmed within " + TRY_SECONDS + " s; it is tried again later",
                "dead letters",
                "see to it that the dead-letter topic can be published to, and has room");
    }

    private MessagingEvent moved(Message source, DeadLetter.Cause cause, Map<String, Object> more) {
        Map<String, Object> facts = new HashMap<>(more);
        facts.put("id", idOf(source));
        facts.put("deliveryCount", cause.deliveries());
        facts.put("deadLetterTo", topic);
        return new MessagingEvent(Kind.DEAD_LETTERED, group + "/" + source.topic(), cause.code(), Map.copyOf(facts));
    }

    private MessagingEvent failed(Message source, Throwable error) {
        MessagingEvent why = MessagingEvent.because(Kind.DEAD_LETTER_FAILED, "", error);
        String what = why.what() == null ? "a dead letter failed" : why.what();
        String remedy =
                why.remedy() == null ? "see to it that the dead-letter topic can be published to" : why.remedy();
        Map<String, Object> facts = Map.of(
                MessagingEvent.WHAT,
                what,
                MessagingEvent.REMEDY,
                remedy,
                "cause",
                MessagingException.codeOf(error),
                "id",
                idOf(source),
                "deadLetterTo",
                topic);

        return new MessagingEvent(
                Kind.DEAD_LETTER_FAILED, group + "/" + source.topic(), ErrorCode.DEAD_LETTER_FAILED, facts);
    }

    private static String idOf(Message source) {
        return source.id().map(MessageId::value).orElse("");
    }
}
