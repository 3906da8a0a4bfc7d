package io.leasehold.publish;

import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.FatalErrors;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Publishes one message per subscription, always under the same id. */
final class MonoPublish extends Mono<PublishReceipt> {
    private final PublishMode mode;
    private final Message message;
    private final MessageId id;

    MonoPublish(PublishMode mode, Message message) {
        this.mode = mode;
        this.message = message;
        this.id = message.id().orElseGet(mode.window().ids()::next);
    }

    @Override
    public void subscribe(CoreSubscriber<? super PublishReceipt> actual) {
        Message encoded;
        try {
            encoded = mode.window().codecs().encoded(message);
        } catch (MessagingException failed) {
            mode.window().events().unencodable(message, failed);
            Operators.error(actual, PublishException.unencodable(message, id, failed));
            return;
        }
        PublishSubscription publish;
        try {
            publish = new PublishSubscription(mode, encoded, id, actual);
        } catch (Throwable broken) {
            Operators.error(actual, Exceptions.unwrap(broken));
            FatalErrors.handOn(broken);
            return;
        }
        actual.onSubscribe(publish);
    }
}
