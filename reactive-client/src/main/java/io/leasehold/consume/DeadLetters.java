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
import reactor.util.retry.Retry;

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
        Message letter = letter(delivery, code, reason);
        return publisher
                .publish(letter)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, RETRY_FIRST)
                        .maxBackoff(RETRY_MAX)
                        .jitter(0)
                        .scheduler(delivery.consumption().environment().time())
                        .filter(error -> isRetryable(error) && delivery.kept().isHeld()))
                .doOnSuccess(receipt -> report(MessagingEvent.Kind.DEAD_LETTERED, delivery, code))
                .doOnError(error -> {
                    report(MessagingEvent.Kind.DEAD_LETTER_FAILED, delivery, ErrorCode.DEAD_LETTER_FAILED);
                    delivery.consumption().environment().remembered().owe(delivery.ref());
                });
    }

    /** The delay of the nak after a letter failed: the largest of the backoff. */
    long delayNanosMax() {
        return redelivery.maxNanos();
    }

    private Message letter(HeldDelivery<?> delivery, ErrorCode code, @Nullable String reason) {
        Message source = delivery.message();
        Headers headers = source.headers()
                .with(PREFIX + "Topic", source.topic())
                .with(PREFIX + "Group", group)
                .with(PREFIX + "Delivery-Count", Integer.toString(delivery.deliveryCount()))
                .with(PREFIX + "Code", code.id());
        if (source.id().isPresent()) {
            headers = headers.with(PREFIX + "Message-Id", source.id().get().value());
        }
        if (reason != null) {
            headers = headers.with(PREFIX + "Reason", oneLine(reason));
        }
        return source.topic(topic).headers(headers).id(letterId(delivery));
    }

    private MessageId letterId(HeldDelivery<?> delivery) {
        String source = delivery.id()
                .map(MessageId::value)
                .orElseGet(() -> delivery.ref().toString());
        byte[] name = (group + '\n' + delivery.topic() + '\n' + source).getBytes(StandardCharsets.UTF_8);
        return MessageId.of("dead-" + UUID.nameUUIDFromBytes(name));
    }

    private static String oneLine(String reason) {
        String line = reason.replaceAll("[^ -~]", " ");
        return line.length() > 500 ? line.substring(0, 500) : line;
    }

    private static boolean isRetryable(Throwable error) {
        return error instanceof MessagingException ours && ours.code().retryable();
    }

    private void report(MessagingEvent.Kind kind, HeldDelivery<?> delivery, ErrorCode code) {
        recorder.event(MessagingEvent.of(kind, group + "/" + delivery.topic(), code));
    }
}
