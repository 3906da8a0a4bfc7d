package io.leasehold.publish;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.api.Internal;
import io.leasehold.message.BodyType;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Publishes messages. Immutable: each fluent call gives a new publisher over the same client, its window and its
 * keys. May be called from any thread, also from its own signals; nothing here blocks.
 *
 * <p><b>Outcome.</b> Every publish ends in exactly one signal: a receipt, or a {@link PublishException} that names
 * the message and tells whether the broker may have it nevertheless ({@link PublishException#isUnknown()}). What
 * can be repeated is written again with the same id within {@link PublishSettings#timeout()}.
 *
 * <p><b>Ids.</b> A message without an id gets one of the client's own before it is first written.
 *
 * <p><b>Cancelling.</b> A publish that is cancelled before it was written is taken back. After that it keeps its
 * place in the window until its answer, which is counted; the subscriber hears nothing any more.
 *
 * <p><b>Threads.</b> Signals come on the user scheduler, one hop per burst of answers.
 *
 * <p><b>Errors</b>, by code: {@code PUBLISH_TIMEOUT} no confirmation in time; {@code WINDOW_FULL} too many publishes
 * wait; {@code KEY_HALTED}, {@code KEYS_HALTED} see {@link #ordered()}; {@code LEASE_LOST} see {@link #gated}; {@code
 * CLOSED}; the codes of stages; what the broker says, above all {@code NO_GROUP}, {@code BROKER_FULL}, {@code
 * DISCONNECTED}, {@code UNKNOWN}, {@code TOO_LARGE}, {@code NOT_PERMITTED}.
 */
@CheckReturnValue
public interface MessagePublisher {
    /**
     * Publishes one message each time the Mono is subscribed. A message without an id gets one when this method is
     * called, so that subscribing again ({@code retry}) publishes under the same id, which the broker recognises.
     *
     * <p>A body that is {@linkplain Message#body(Object) a value} is encoded then, in the thread that subscribes.
     * Further errors: {@code CODEC_MISSING}, {@code ENCODE_FAILED}; nothing is written then, and an {@linkplain
     * #ordered() ordered} key goes on.
     */
    Mono<PublishReceipt> publish(Message message);

    /**
     * Publishes as {@link #publish(Message)} does, with {@link Message#body(Object)}.
     *
     * @param message everything but the body
     * @param body the value to be encoded
     */
    <T> Mono<PublishReceipt> publish(Message message, T body);

    /**
     * Publishes as {@link #publish(Message)} does, with {@link Message#body(Object, BodyType)}.
     *
     * @param message everything but the body
     * @param body the value to be encoded
     * @param type what it is encoded as
     */
    <T> Mono<PublishReceipt> publish(Message message, T body, BodyType<T> type);

    /**
     * Publishes all messages, many at once, and gives a receipt or an error for each, in the order of the messages. A
     * message that fails, also one whose body cannot be encoded, does not end the Flux; an error of {@code messages}
     * does, after the results of what came before it.
     *
     * <p><b>Order within a key is not kept when something goes wrong.</b> Up to a whole window is on its way, and what
     * the broker did not take is written again, behind what came after it: over a change of the leader of a NATS
     * stream, 228 to 725 of 4,000 messages were stored behind a later one of their key. {@link #ordered()} keeps the
     * order of each key, with one of them on its way at a time; results come in the order of the messages in any case.
     *
     * <p>{@code request(n)} bounds how many are published: a message is taken only for a result that was asked for,
     * and never more than {@link PublishSettings#window()} are on their way. Cancelling cancels {@code messages}
     * and takes back what is not written yet.
     *
     * @param messages subscribed once per subscription; its demand follows the results
     */
    Flux<PublishResult> publishAll(Publisher<? extends Message> messages);

    /**
     * Returns a publisher that keeps the order of messages with the same key, over all ordered publishers of the
     * client: one of a key is unconfirmed at a time. When one fails, its key is halted: those that wait, and all later
     * ones of the key, end with {@code KEY_HALTED} until {@link #resume}. Other keys go on, unless {@link
     * PublishSettings#haltedKeysMax()} are halted: then all with a key end with {@code KEYS_HALTED}. What was taken
     * back before it was written, or was refused because its lease is lost, halts nothing. Messages without a key are
     * not ordered.
     */
    MessagePublisher ordered();

    /** Lets a halted key go on, for what is subscribed after this call; does nothing for any other key. */
    void resume(String key);

    /** Returns a publisher whose messages ask this gate, besides others, right before each writing. */
    @Internal
    MessagePublisher gated(PublishGate gate);

    /**
     * Returns a publisher that signals on another scheduler. {@link reactor.core.scheduler.Schedulers#immediate()}
     * means: on whatever thread brings the answer, which may be the broker's; whoever asks for it must not block there.
     */
    MessagePublisher signalOn(Scheduler scheduler);
}
