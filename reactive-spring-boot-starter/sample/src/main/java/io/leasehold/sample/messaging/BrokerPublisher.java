package io.leasehold.sample.messaging;

import io.leasehold.MessageClient;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.publish.PublishException;
import io.leasehold.publish.PublishResult;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Publishes through the client, under the message's own id, so that trying again never publishes twice. */
public final class BrokerPublisher implements QuakePublisher {

    private static final int ASKED_AHEAD = 256;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final MessageClient client;

    /**
     * Publishes through a client.
     *
     * @param client the client, which stays the caller's
     */
    public BrokerPublisher(MessageClient client) {
        this.client = client;
    }

    @Override
    public Mono<Published> publish(QuakeMessage message) {
        return client.publish(messageOf(message)).map(BrokerPublisher::published);
    }

    @Override
    public Flux<Published> publishAll(Flux<QuakeMessage> messages) {
        return client.publishAll(messages.map(BrokerPublisher::messageOf)).concatMap(this::confirmed, ASKED_AHEAD);
    }

    private Mono<Published> confirmed(PublishResult result) {
        if (result instanceof PublishResult.Failed failed) {
            return again(failed.message(), failed.error());
        }
        return Mono.just(published(((PublishResult.Confirmed) result).receipt()));
    }

    // What was unknown may be there already: then it is new all the same, and no duplicate of an earlier one.
    private Mono<Published> again(Message message, PublishException failure) {
        return Mono.<PublishReceipt>error(failure)
                .onErrorResume(BrokerPublisher::mayPass, error -> client.publish(message))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(BrokerPublisher::mayPass))
                .map(receipt -> new Published(receipt.id().value(), receipt.duplicate() && !failure.isUnknown()));
    }

    private static boolean mayPass(Throwable error) {
        ErrorCode code = MessagingException.codeOf(error);
        return code != ErrorCode.CLOSED && code.category() != ErrorCode.Category.USAGE;
    }

    private static Published published(PublishReceipt receipt) {
        return new Published(receipt.id().value(), receipt.duplicate());
    }

    private static Message messageOf(QuakeMessage message) {
        return Message.to(message.topic()).key(message.key()).id(message.id()).body(message.body());
    }
}
