package io.leasehold.diagnostics;

import io.leasehold.MessageClient;
import io.leasehold.VirtualTime;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.event.MessagingEvent;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A client on the embedded broker in virtual time, whose events are kept. */
final class WatchedClient {
    final VirtualTimeScheduler time = VirtualTime.create();
    final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    final List<MessagingEvent> events = new CopyOnWriteArrayList<>();
    final MessageClient client;

    WatchedClient() {
        client = MessageClient.builder()
                .name("watched")
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .cancelScheduler(Schedulers.immediate())
                .build();
        client.events()
                .filter(event -> event.kind() != MessagingEvent.Kind.CONSUMING)
                .subscribe(events::add);
    }

    MessageConsumer<String> consumer() {
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(Duration.ofSeconds(2));
    }

    void publish(String... bodies) {
        for (String body : bodies) {
            client.publish(Message.to("quakes.nc").key("NC").id("id-" + body).body(body))
                    .subscribe();
        }
    }

    void pass(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    ClientSnapshot snapshot() {
        return Objects.requireNonNull(client.snapshot().block(Duration.ofSeconds(10)));
    }

    List<MessagingEvent.Kind> kinds() {
        return events.stream().map(MessagingEvent::kind).toList();
    }

    void close() {
        client.close().subscribe();
        pass(60_000);
        broker.shutdown();
    }
}
