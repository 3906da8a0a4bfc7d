package io.leasehold.consume;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.TopicFilter;
import io.leasehold.pace.Backoff;
import io.leasehold.publish.MessagePublisher;
import io.leasehold.signal.MessagingEvent;
import io.leasehold.signal.Recorder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * Publishes dead letters: the original's key, body and headers, and headers of ours that name the delivery. The id is
 * derived from the message, so that a repetition is recognised. The original stays leased until the letter is
 * confirmed.
 */
final class DeadLetters {
    /** The prefix of the headers of ours. */
    static final String PREFIX = "Leasehold-";

    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);

    private final String topic;
    private final String group;
    private final MessagePublisher publisher;
    private final Recorder recorder;
    private final Backoff redelivery;

    DeadLetters(String topic, String group, MessagePublisher publisher, Recorder recorder, Backoff redelivery) {
        this.topic = topic;
        this.group = group;
        this.publisher = publisher;
        this.recorder = recorder;
        this.redelivery = redelivery;
    }

    /** Has the broker keep what is published to the topic although nobody consumes it yet. */
    Mono<Void> declared(BrokerSession session) {
        return session.declare(RetentionSpec.ofDeadLetters(TopicFilter.of(topic)));
    }

    /** Publishes the letter, again and again while the lease is held; errors when it is refused for good. */
    Mono<PublishReceipt> send(HeldDelivery<?> delivery, ErrorCode code, @Nullable String reason) {
        Message letter = letter(delivery.message(), delivery.ref(), delivery.deliveryCount(), code, reason);
        return publisher
                .publish(letter)
                .retryWhen(again(delivery.consumption().environment().time())
                        .filter(error -> isRetryable(error) && delivery.kept().isHeld()))
                .doOnSuccess(receipt -> report(MessagingEvent.Kind.DEAD_LETTERED, delivery.topic(), code))
                .doOnError(error -> {
                    report(MessagingEvent.Kind.DEAD_LETTER_FAILED, delivery.topic(), ErrorCode.DEAD_LETTER_FAILED);
                    delivery.consumption().environment().remembered().owe(delivery, ErrorCode.DEAD_LETTER_FAILED);
                });
    }

    /**
     * Publishes the letter of a message that the broker itself has given up, which nobody holds: until it is confirmed
     * or refused for good. All members of the group may do so, since the id is the same.
     */
    Mono<PublishReceipt> sendGivenUp(Object ref, Message message, int deliveries, Scheduler time) {
        ErrorCode code = ErrorCode.NEVER_FINISHED;
        Message letter = letter(message, ref, deliveries, code, "the broker has given up on it");
        return publisher
                .publish(letter)
                .retryWhen(again(time).filter(DeadLetters::isRetryable))
                .doOnSuccess(receipt -> report(MessagingEvent.Kind.DEAD_LETTERED, message.topic(), code))
                .doOnError(error ->
                        report(MessagingEvent.Kind.DEAD_LETTER_FAILED, message.topic(), ErrorCode.DEAD_LETTER_FAILED));
    }

    private static RetryBackoffSpec again(Scheduler time) {
        return Retry.backoff(Long.MAX_VALUE, RETRY_FIRST)
                .maxBackoff(RETRY_MAX)
                .jitter(0)
                .scheduler(time);
    }

    /** The delay of the nak after a letter failed: the largest of the backoff. */
    long delayNanosMax() {
        return redelivery.maxNanos();
    }

    private Message letter(Message source, Object ref, int deliveries, ErrorCode code, @Nullable String reason) {
        Headers headers = source.headers()
                .with(PREFIX + "Topic", source.topic())
                .with(PREFIX + "Group", group)
                .with(PREFIX + "Delivery-Count", Integer.toString(deliveries))
                .with(PREFIX + "Code", code.id());
        if (source.id().isPresent()) {
            headers = headers.with(PREFIX + "Message-Id", source.id().get().value());
        }
        if (reason != null) {
            headers = headers.with(PREFIX + "Reason", oneLine(reason));
        }
        return source.topic(topic).headers(headers).id(letterId(source, ref));
    }

    private MessageId letterId(Message source, Object ref) {
        String name = source.id().map(MessageId::value).orElseGet(ref::toString);
        byte[] bytes = (group + '\n' + source.topic() + '\n' + name).getBytes(StandardCharsets.UTF_8);
        return MessageId.of("dead-" + UUID.nameUUIDFromBytes(bytes));
    }

    private static String oneLine(String reason) {
        String line = reason.replaceAll("[^ -~]", " ");
        return line.length() > 500 ? line.substring(0, 500) : line;
    }

    private static boolean isRetryable(Throwable error) {
        return error instanceof MessagingException ours && ours.code().retryable();
    }

    private void report(MessagingEvent.Kind kind, String source, ErrorCode code) {
        recorder.event(MessagingEvent.of(kind, group + "/" + source, code));
    }
}
