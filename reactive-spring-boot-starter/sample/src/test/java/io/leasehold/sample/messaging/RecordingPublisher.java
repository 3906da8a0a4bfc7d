package io.leasehold.sample.messaging;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A way to a broker that keeps what it is given, and knows ids that it has had. */
public final class RecordingPublisher implements QuakePublisher {

    private final List<QuakeMessage> messages = new CopyOnWriteArrayList<>();
    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    /** What was published, duplicates left out. */
    public List<QuakeMessage> messages() {
        return messages;
    }

    @Override
    public Mono<Published> publish(QuakeMessage message) {
        return Mono.fromSupplier(() -> {
            boolean first = ids.add(message.id());
            if (first) {
                messages.add(message);
            }
            return new Published(message.id(), !first);
        });
    }

    @Override
    public Flux<Published> publishAll(Flux<QuakeMessage> all) {
        return all.concatMap(this::publish);
    }
}
