package io.leasehold;

import io.leasehold.broker.BrokerSession;
import io.leasehold.consume.Consumers;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.publish.MessagePublisher;
import io.leasehold.publish.PublishResult;
import io.leasehold.publish.Publishing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A client of one broker: publishes messages and consumes them under leases. Made by {@link #builder()}; to be
 * closed. Safe for use by many threads.
 */
public final class MessageClient {
    private final String name;
    private final BrokerSession session;
    private final Publishing publishing;
    private final Consumers consumers;
    private final ClientThreads threads;
    private final AtomicReference<@Nullable Mono<Void>> closing = new AtomicReference<>();

    MessageClient(
            String name, BrokerSession session, Publishing publishing, Consumers consumers, ClientThreads threads) {
        this.name = name;
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
        return name;
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
        return consumers.consumer(filter, group, type);
    }

    /** As {@link #closeGracefully(Duration)}, but runs are cancelled at once. */
    public Mono<Void> close() {
        return closeGracefully(Duration.ZERO);
    }

    /**
     * Stops taking messages, lets runs finish, settles them, and closes what the client opened, in this order; at the
     * limit the rest is cancelled and released. Begins when it is subscribed, or when another call was; may be called
     * anywhere, also in a handler, and any number of times: the first call's limit counts. Never blocks.
     *
     * @param limit how long runs may still take; zero cancels them at once. Answers to the last settlements and
     *     publishes are waited for at most one second each after that
     */
    public Mono<Void> closeGracefully(Duration limit) {
        return Mono.defer(() -> {
            closing.compareAndSet(null, closeOnce(limit));
            Mono<Void> first = closing.get();
            return first == null ? Mono.empty() : first;
        });
    }

    // Each step is tried whatever became of the one before it, and each has a limit.
    private Mono<Void> closeOnce(Duration limit) {
        Duration answers = Duration.ofSeconds(1);
        return consumers
                .close(limit)
                .onErrorResume(threads::dropped)
                .then(Mono.defer(() -> publishing.close(answers)))
                .onErrorResume(threads::dropped)
                .then(Mono.defer(session::close))
                .onErrorResume(threads::dropped)
                .then(Mono.fromRunnable(threads::dispose))
                .then()
                .cache();
    }
}
