package io.leasehold.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.event.MessagingEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Events for any number of subscribers, fast or slow. */
class EventStreamTest {
    private final EventStream stream = new EventStream(Schedulers.immediate());

    private void tell(int number) {
        stream.event(MessagingEvent.of(Kind.TROUBLE, "event " + number, null));
    }

    @Test
    void everySubscriberSeesWhatHappensFromItsSubscriptionOn() {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();

        stream.events().map(MessagingEvent::subject).subscribe(first::add);
        tell(1);
        stream.events().map(MessagingEvent::subject).subscribe(second::add);
        tell(2);

        assertThat(first).containsExactly("event 1", "event 2");
        assertThat(second).containsExactly("event 2");
    }

    @Test
    void aSlowSubscriberMissesTheOldestAndIsToldHowMany() {
        StepVerifier.create(stream.events(), 0)
                .then(() -> {
                    for (int i = 0; i < EventStream.KEPT + 10; i++) {
                        tell(i);
                    }
                })
                .thenRequest(2)
                .assertNext(event -> {
                    assertThat(event.kind()).isEqualTo(Kind.EVENTS_DROPPED);
                    assertThat(event.details()).containsEntry("dropped", 10);
                })
                .assertNext(event -> assertThat(event.subject()).isEqualTo("event 10"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
        assertThat(stream.dropped()).isEqualTo(10);
    }

    @Test
    void itCompletesForThoseWhoListenAndForThoseWhoComeLater() {
        StepVerifier.create(stream.events())
                .then(() -> tell(1))
                .then(stream::complete)
                .expectNextCount(1)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
        StepVerifier.create(stream.events()).expectComplete().verify(Duration.ofSeconds(10));
    }

    @Test
    void whoeverReportsIsNotHeldBackByASubscriberThatBlocks() throws InterruptedException {
        EventStream onThreads = new EventStream(Schedulers.boundedElastic());
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);

        onThreads.events().subscribe(event -> {
            try {
                gate.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            if (event.subject().equals("last")) {
                done.countDown();
            }
        });
        for (int i = 0; i < 1000; i++) {
            onThreads.event(MessagingEvent.of(Kind.TROUBLE, "event " + i, null));
        }
        onThreads.event(MessagingEvent.of(Kind.TROUBLE, "last", null));
        gate.countDown();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(onThreads.dropped()).isBetween(700L, 1000L);
    }

    @Test
    void aSubscriberThatThrowsIsLeftAndTheOthersAreNot() {
        List<String> good = new ArrayList<>();
        stream.events().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            protected void hookOnNext(MessagingEvent event) {
                throw new IllegalStateException("bad");
            }

            @Override
            protected void hookOnError(Throwable error) {
                throw new IllegalStateException("worse");
            }
        });
        stream.events().map(MessagingEvent::subject).subscribe(good::add);
        tell(1);
        tell(2);
        assertThat(good).containsExactly("event 1", "event 2");
    }
}
