package io.leasehold;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.consume.Consumers;
import io.leasehold.consume.GroupControl;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Redriven;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.diagnostics.Diagnostics;
import io.leasehold.diagnostics.EvidenceLog;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.BodyType;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import io.leasehold.pace.Span;
import io.leasehold.publish.MessagePublisher;
import io.leasehold.publish.PublishResult;
import io.leasehold.publish.Publishing;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A client of one broker: publishes messages and consumes them under leases. Made by {@link #builder()}; to be
 * closed. Safe for use by many threads.
 */
@CheckReturnValue
public final class MessageClient {
    private final Diagnostics diagnostics;
    private final BrokerSession session;
    private final Publishing publishing;
    private final Consumers consumers;
    private final ClientThreads threads;
    private final AtomicReference<@Nullable Mono<Void>> closing = new AtomicReference<>();

    MessageClient(
            Diagnostics diagnostics,
            BrokerSession session,
            Publishing publishing,
            Consumers consumers,
            ClientThreads threads) {
        this.diagnostics = diagnostics;
        this.session = session;
        this.publishing = publishing;
        this.consumers = consumers;
        this.threads = threads;
    }

    /** A client to be configured; without any setting it uses an embedded broker of its own. */
    public static MessageClientBuilder builder() {
        return new MessageClientBuilder();
    }

    /** The name of this instance. */
    public String name() {
        return diagnostics.client();
    }

    /**
     * Completes when the broker can be spoken to, for the first time; at once on a broker in this process. Errors with
     * the reason when the client gave up before that, which it does where it was told to fail fast; otherwise it waits
     * for as long as there is no broker. Signalled on the user scheduler.
     */
    public Mono<Void> ready() {
        return session.ready().publishOn(threads.user());
    }

    /** Publishes one message; see {@link MessagePublisher#publish(Message)}. */
    public Mono<PublishReceipt> publish(Message message) {
        return publishing.publisher().publish(message);
    }

    /** Publishes many, in order, a result each; see {@link MessagePublisher#publishAll(Publisher)}. */
    public Flux<PublishResult> publishAll(Publisher<? extends Message> messages) {
        return publishing.publisher().publishAll(messages);
    }

    /** The publisher, for ordered publishing and typed bodies. */
    public MessagePublisher publisher() {
        return publishing.publisher();
    }

    /**
     * A consumer with default settings.
     *
     * @param filter which topics; {@code *} for one token, a last {@code >} for the rest
     * @param group the instances that share the messages
     * @param type the type of the body
     */
    public <T> MessageConsumer<T> consumer(String filter, String group, Class<T> type) {
        return consumer(filter, group, BodyType.of(type));
    }

    /**
     * A consumer with default settings.
     *
     * @param filter which topics; {@code *} for one token, a last {@code >} for the rest
     * @param group the instances that share the messages
     * @param type the type of the body with its arguments: {@code new BodyType<List<Quake>>() {}}
     */
    public <T> MessageConsumer<T> consumer(String filter, String group, BodyType<T> type) {
        return consumers.consumer(filter, group, type);
    }

    /**
     * Returns the control of a group, which pauses, resumes and drains what this client consumes of it, and changes its
     * settings while it runs.
     *
     * @param name the group, as its consumers say it; where nothing of it is consumed the control's calls say so
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} for a name that no group can have
     */
    public GroupControl group(String name) {
        return consumers.group(name);
    }

    /**
     * Has the broker keep what is published to some topics although no group consumes them yet, so that an application
     * that only publishes can provide for its topics. Lazy and repeatable; signalled on the user scheduler.
     *
     * <p>On NATS, exact bounds are those of a stream that keeps these topics and no others; {@link
     * Retention#defaults()} makes the stream of the family, which has all topics with the same first token.
     *
     * @param topics which topics; {@code *} for one token, a last {@code >} for the rest
     * @param retention how much is kept
     * @return completes when they are kept; errors with {@code BAD_TOPIC}, with {@code GROUP_MISMATCH} when they are
     *     kept already, otherwise than asked, and with {@code NO_GROUP} when nothing may be made
     */
    public Mono<Void> declare(String topics, Retention retention) {
        return Mono.defer(() -> session.declare(new RetentionSpec(TopicFilter.of(topics), retention)))
                .publishOn(threads.user());
    }

    /**
     * Deletes a group with all that waits for it, so that it costs the broker nothing any more. Its messages are lost
     * to it; those of other groups stay. Lazy and repeatable; signalled on the user scheduler. End its consumers first:
     * those that are still subscribed lose their leases, and make the group anew where NATS settings have missing
     * consumers made.
     *
     * @param filter what the group consumes, as its consumers say it
     * @param group its name
     * @return whether there was such a group; errors with {@code BAD_TOPIC}
     */
    public Mono<Boolean> deleteGroup(String filter, String group) {
        return Mono.defer(() -> session.deleteGroup(TopicFilter.of(filter), group))
                .filter(deleted -> deleted)
                .doOnNext(gone -> consumers.forget(group))
                .defaultIfEmpty(false)
                .publishOn(threads.user());
    }

    /**
     * What happens from now on that whoever is on call wants to know. Hot, for any number of subscribers; signalled on
     * the user scheduler. Of what a subscriber does not take in time the oldest are dropped and counted. Completes when
     * the client is closed.
     */
    public Flux<MessagingEvent> events() {
        return diagnostics.events();
    }

    /** What the client holds: the first page of {@value ClientSnapshot#PAGE}; see {@link #snapshot(int, String)}. */
    public Mono<ClientSnapshot> snapshot() {
        return snapshot(ClientSnapshot.PAGE, null);
    }

    /**
     * What the client holds at the instant of subscription: counts per group, and a page of deliveries without their
     * bodies, the nearest deadline first. Holds up nothing; signalled on the user scheduler.
     *
     * @param limit how many deliveries to show, 1 to {@value ClientSnapshot#PAGE_MAX}
     * @param cursor {@link ClientSnapshot#next()} of the page before; null for the first page
     * @return errors with {@code BAD_SETTING} for a limit out of bounds or a cursor that is none
     */
    public Mono<ClientSnapshot> snapshot(int limit, @Nullable String cursor) {
        return diagnostics.snapshot(limit, cursor);
    }

    /**
     * How many messages wait at the broker to be handed out for the first time, by group: the broker is asked, for each
     * group that this client consumes at this moment. Groups of which it does not tell are left out. Signalled on the
     * user scheduler.
     */
    public Mono<Map<String, Long>> backlogs() {
        return consumers.backlogs().publishOn(threads.user());
    }

    /**
     * The last {@value EvidenceLog#KEPT_MAX} deliveries that were lost, stalled or became orphans, each as it stood at
     * that moment, with the stack of a blocking handler before it was interrupted. Never blocks.
     */
    public EvidenceLog evidence() {
        return diagnostics.evidence();
    }

    /** As {@link #closeGracefully(Duration)}, but runs are cancelled at once. */
    public Mono<Void> close() {
        return closeGracefully(Duration.ZERO);
    }

    /**
     * Stops taking messages, lets runs finish, settles them, and closes what the client opened, in this order; at the
     * limit the rest is cancelled and released. Begins when it is subscribed, or when another call was; may be called
     * anywhere, also in a handler, and any number of times: the first call's limit counts. Never blocks. Completes on a
     * thread of the cancel executor: what stands behind it holds up nobody else.
     *
     * @param limit how long runs may still take; zero cancels them at once. Answers to the last settlements and
     *     publishes are waited for at most one second each after that
     */
    public Mono<Void> closeGracefully(Duration limit) {
        Duration atMost = Duration.ofNanos(Span.nanos(limit));
        return Mono.defer(() -> {
            closing.compareAndSet(null, closeOnce(atMost));
            Mono<Void> first = closing.get();
            return first == null ? Mono.empty() : first;
        });
    }

    /**
     * Puts dead letters back to the topics that they came from, the oldest first, one at a time. Each is published
     * under a new id, with its own headers, key and body and with its first origin in headers ({@link
     * io.leasehold.consume.DeadLetter}), and its letter is acked when that is confirmed. All groups of the origin get
     * it, also those that had worked it off.
     *
     * <p>Emits what became of each letter. Completes when the limit is reached, when no further letter has come for
     * 5 s in which the broker was heard, or when 256 could not be put back. Cancel it at any time, and subscribe again
     * to go on. One line of the log says that it began, and one at its end how many letters it moved, left and refused.
     *
     * <p>The first redrive of a filter makes a group at the broker, which stays and remembers what was moved; what was
     * not is seen again. Its name is {@code redrive-} and a number made of the filter; the first of the two lines has
     * it. From then on the embedded broker keeps new letters for that group, too, until a redrive has moved them.
     * {@link #deleteGroup} with the filter and that name ends this, and forgets what was moved: a NATS stream keeps
     * letters that were moved, and the next redrive would put them all back once more.
     *
     * <p>Nothing is put back twice by one redrive: a message that fails again while it goes on is left. One that was
     * put back when the process ended before its letter was acked is put back again under the same id, which a broker
     * recognises within its duplicate window.
     *
     * @param filter which dead-letter topics; {@code *} for one token, a last {@code >} for the rest
     * @param limit how many letters are put back at most, 1 or more
     * @param perSecond how many a second at most, 1 to 100,000
     * @return errors with {@code ALREADY_CONSUMING} while a redrive of the filter goes on, and as a consumer does
     * @throws io.leasehold.error.MessagingException {@code BAD_TOPIC}, {@code BAD_SETTING}
     */
    public Flux<Redriven> redrive(String filter, int limit, int perSecond) {
        return consumers.redrive(filter, limit, perSecond);
    }

    // Each step is tried whatever became of the one before it, and each has a limit.
    private Mono<Void> closeOnce(Duration limit) {
        Duration answers = Duration.ofSeconds(1);
        return ends(consumers.close(limit), limit.plus(answers))
                .then(ends(Mono.defer(() -> consumers.endLetters(answers)), answers))
                .then(ends(Mono.defer(() -> publishing.close(answers)), answers))
                .doOnTerminate(this::endPublishes)
                .then(ends(Mono.defer(session::close), answers))
                .then(ends(threads.keeper().cancels().told(true).then(), answers))
                .then(Mono.fromRunnable(threads::dispose))
                .doFinally(signal -> diagnostics.complete())
                .then()
                .cache();
    }

    // A timer that was set before the machine slept comes late, and publishing has only one.
    private void endPublishes() {
        publishing.close(Duration.ZERO).subscribe();
    }

    // The signal of a step may come on a user thread, and these may all be blocked for ever.
    private Mono<Void> ends(Mono<Void> step, Duration limit) {
        return step.timeout(limit.plusMillis(100), Mono.empty(), threads.time()).onErrorResume(threads::dropped);
    }
}
