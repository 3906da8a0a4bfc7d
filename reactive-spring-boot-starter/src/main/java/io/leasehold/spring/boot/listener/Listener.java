package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import java.time.Duration;
import reactor.core.publisher.Flux;

/**
 * A listener as it is configured; nothing in it changes.
 *
 * @param id its name
 * @param topic its topic filter
 * @param group its group
 * @param client what its client is called; empty for the default client
 * @param clientBean the name of the bean that is its client
 * @param where its method, for people
 * @param consuming how it consumes
 * @param drainTimeout how long runs may still take at a stop
 * @param autoStart whether it starts with the application
 */
record Listener(
        String id,
        String topic,
        String group,
        String client,
        String clientBean,
        String where,
        Consuming<?> consuming,
        Duration drainTimeout,
        boolean autoStart) {

    /**
     * A consumer and its handler.
     *
     * @param consumer with all its settings
     * @param handler calls the method
     */
    record Consuming<T>(MessageConsumer<T> consumer, Handler<T> handler) {
        Flux<Outcome> outcomes() {
            return consumer.handle(handler);
        }
    }
}
