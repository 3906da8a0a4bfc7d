package io.leasehold.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the meters say of a client's work. */
class MeterRecorderTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MessageClient client = client(MeterRecorder.of(registry));

    private MessageClient client(MeterRecorder recorder) {
        return MessageClient.builder()
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .cancelScheduler(Schedulers.immediate())
                .recorder(recorder)
                .build();
    }

    @AfterEach
    void close() {
        client.close().subscribe();
        time.advanceTimeBy(Duration.ofMinutes(1));
        broker.shutdown();
    }

    private MessageConsumer<String> consumer() {
        return client.consumer("quakes.>", "assessors", String.class).leaseTime(Duration.ofSeconds(2));
    }

    private void publish(String body) {
        client.publish(Message.to("quakes.nc").body(body)).subscribe(receipt -> {}, error -> {});
    }

    private double value(LeaseholdMeters meter, String... tags) {
        return registry.get(meter.getName()).tags(Tags.of(tags)).meters().stream()
                .mapToDouble(found -> found.measure().iterator().next().getValue())
                .sum();
    }

    @Test
    void messagesAreCountedOnTheirWay() {
        consumer()
                .handle(delivery ->
                        delivery.body().equals("bad") ? Mono.error(new IllegalStateException()) : Mono.empty())
                .subscribe(outcome -> {}, error -> {});
        publish("good");
        publish("bad");
        time.advanceTimeBy(Duration.ofMillis(1500));

        assertThat(value(LeaseholdMeters.PUBLISH_DURATION, "topic", "quakes.nc", "code", "none"))
                .isEqualTo(2);
        assertThat(value(LeaseholdMeters.SENT)).isEqualTo(2);
        assertThat(value(LeaseholdMeters.ACQUIRED, "group", "assessors")).isEqualTo(3);
        assertThat(value(LeaseholdMeters.REDELIVERED)).isEqualTo(1);
        assertThat(value(LeaseholdMeters.SETTLED, "outcome", "ack")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.SETTLED, "outcome", "nak")).isEqualTo(2);
    }

    @Test
    void timeIsMeasuredFromTheFirstCallToTheEnd() {
        consumer().handle(delivery -> Mono.delay(Duration.ofSeconds(3), time)).subscribe(o -> {}, error -> {});
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(4));
        var timer = registry.get(LeaseholdMeters.PROCESS_DURATION.getName())
                .tag("outcome", "acked")
                .timer();

        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.totalTime(java.util.concurrent.TimeUnit.MILLISECONDS)).isBetween(2999.0, 3050.0);
        assertThat(value(LeaseholdMeters.CONSUMED)).isEqualTo(1);
        assertThat(value(LeaseholdMeters.TOUCH, "outcome", "sent")).isGreaterThanOrEqualTo(4);
        assertThat(value(LeaseholdMeters.TOUCH, "outcome", "confirmed")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aLossIsCountedByItsReasonAndItsCancelIsMeasured() {
        consumer().touch(TouchMode.NEVER).handle(delivery -> Mono.never()).subscribe(o -> {}, error -> {});
        publish("a");
        time.advanceTimeBy(Duration.ofMillis(1950));

        assertThat(value(LeaseholdMeters.LOST, "reason", "expired")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.LOST)).isEqualTo(1);
        assertThat(value(LeaseholdMeters.PROCESS_DURATION, "outcome", "lost")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.EVENTS, "kind", "lease_lost")).isEqualTo(1);
    }

    @Test
    void eachEventThatTheOperatorWaitsForHasItsMeter() {
        MeterRecorder recorder = MeterRecorder.of(registry);
        double before = value(LeaseholdMeters.EVENTS);
        for (MessagingEvent.Kind kind : MessagingEvent.Kind.values()) {
            recorder.event(MessagingEvent.of(kind, "assessors/quakes.nc", null));
        }

        assertThat(value(LeaseholdMeters.ORPHAN, "group", "assessors")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.SURPLUS, "group", "assessors")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.DEAD_ON_ARRIVAL, "group", "assessors")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.SETTLED, "outcome", "stale")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.LATE_ANSWER)).isEqualTo(1);
        assertThat(value(LeaseholdMeters.RELOAD, "outcome", "noop")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.RELOAD, "outcome", "applied")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.DEAD_LETTER, "outcome", "failed")).isEqualTo(1);
        assertThat(value(LeaseholdMeters.EVENTS) - before).isEqualTo(MessagingEvent.Kind.values().length);
    }

    @Test
    void gaugesShowWhatIsHeldNow() {
        consumer().concurrency(2).prefetch(3).handle(delivery -> Mono.never()).subscribe(o -> {}, error -> {});
        for (int i = 0; i < 4; i++) {
            publish("m" + i);
        }
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(value(LeaseholdMeters.INFLIGHT, "state", "running")).isEqualTo(2);
        assertThat(value(LeaseholdMeters.INFLIGHT, "state", "queued")).isEqualTo(2);
        assertThat(value(LeaseholdMeters.INFLIGHT, "state", "orphan")).isZero();
        assertThat(value(LeaseholdMeters.INFLIGHT_LIMIT)).isEqualTo(2);
        assertThat(value(LeaseholdMeters.OLDEST_AGE)).isEqualTo(1);
        assertThat(value(LeaseholdMeters.REMAINING_MIN)).isBetween(0.5, 2.0);
        assertThat(value(LeaseholdMeters.PUBLISH_PENDING)).isZero();
    }

    @Test
    void aClientThatIsBuiltAnewIsTheOneThatIsShown() {
        consumer().handle(delivery -> Mono.never()).subscribe(o -> {}, error -> {});
        publish("a");
        client.close().subscribe();
        time.advanceTimeBy(Duration.ofSeconds(10));
        MessageClient next = client(MeterRecorder.of(registry));
        next.consumer("quakes.>", "assessors", String.class)
                .concurrency(7)
                .handle(delivery -> Mono.never())
                .subscribe(o -> {}, error -> {});
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(value(LeaseholdMeters.INFLIGHT_LIMIT)).isEqualTo(7);
        next.close().subscribe();
        time.advanceTimeBy(Duration.ofSeconds(10));
    }

    @Test
    void everyMeterIsDocumentedAndHasItsKeysAlways() {
        consumer()
                .touch(TouchMode.NEVER)
                .handle(delivery ->
                        delivery.body().equals("bad") ? Mono.error(new IllegalStateException()) : Mono.never())
                .subscribe(outcome -> {}, error -> {});
        publish("good");
        publish("bad");
        client.publish(Message.to("nobody.listens").body("x")).subscribe(receipt -> {}, error -> {});
        time.advanceTimeBy(Duration.ofSeconds(5));
        Map<String, LeaseholdMeters> documented =
                Arrays.stream(LeaseholdMeters.values()).collect(Collectors.toMap(LeaseholdMeters::getName, m -> m));
        for (Meter meter : registry.getMeters()) {
            LeaseholdMeters known = documented.get(meter.getId().getName());
            assertThat(known).as(meter.getId().getName()).isNotNull();
            assertThat(meter.getId().getType()).isEqualTo(known.getType());
            assertThat(meter.getId().getTags())
                    .extracting(Tag::getKey)
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(known.getKeyNames())
                            .map(KeyName::asString)
                            .toList());
        }
    }

    @Test
    void topicsBeyondTheBoundShareOne() {
        MeterRecorder recorder = MeterRecorder.of(registry);
        for (int i = 0; i < MeterRecorder.TOPICS_MAX + 50; i++) {
            recorder.published("topic." + i, null, 1000);
        }

        assertThat(registry.find(LeaseholdMeters.SENT.getName()).counters()).hasSize(MeterRecorder.TOPICS_MAX + 1);
        assertThat(value(LeaseholdMeters.SENT, "messaging.destination.name", "other"))
                .isEqualTo(50);
    }

    @Test
    void everyMeterSaysWhatItTellsAndWhichClientItIsOf() {
        consumer().handle(delivery -> Mono.empty()).subscribe(o -> {}, error -> {});
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(registry.getMeters()).isNotEmpty().allSatisfy(meter -> {
            assertThat(meter.getId().getDescription()).isNotBlank();
            assertThat(meter.getId().getTag("client")).isEqualTo("1");
        });
        assertThat(LeaseholdMeters.values()).extracting(LeaseholdMeters::help).doesNotHaveDuplicates();
    }

    @Test
    void twoClientsOfOneRegistryHaveGaugesOfTheirOwnAlsoWithOneRecorder() {
        MeterRecorder shared = MeterRecorder.of(registry);
        MessageClient second = client(shared);
        MessageClient third = client(shared);
        consumer().concurrency(2).handle(delivery -> Mono.never()).subscribe(o -> {}, error -> {});
        second.consumer("quakes.>", "assessors", String.class)
                .concurrency(3)
                .handle(delivery -> Mono.never())
                .subscribe(o -> {}, error -> {});
        third.consumer("quakes.>", "assessors", String.class)
                .concurrency(5)
                .handle(delivery -> Mono.never())
                .subscribe(o -> {}, error -> {});
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(value(LeaseholdMeters.INFLIGHT_LIMIT, "client", "1")).isEqualTo(2);
        assertThat(value(LeaseholdMeters.INFLIGHT_LIMIT, "client", "2")).isEqualTo(3);
        assertThat(value(LeaseholdMeters.INFLIGHT_LIMIT, "client", "3")).isEqualTo(5);
        second.close().subscribe();
        third.close().subscribe();
        time.advanceTimeBy(Duration.ofSeconds(10));
    }

    @Test
    void theCommonTagsMayNameTheClient() {
        MessageClient named = client(MeterRecorder.of(registry, Tags.of("client", "orders")));
        assertThat(value(LeaseholdMeters.CONNECTED, "client", "orders")).isEqualTo(1);
        named.close().subscribe();
        time.advanceTimeBy(Duration.ofSeconds(10));
    }

    @Test
    void metersOfAGroupGoWhenItIsNotConsumedAnyMore() {
        int before = registry.getMeters().size();
        for (int i = 0; i < 1_000; i++) {
            var running = client.consumer("quakes.>", "group-" + i, String.class)
                    .handle(delivery -> Mono.empty())
                    .subscribe(o -> {}, error -> {});
            publish("a");
            time.advanceTimeBy(Duration.ofMillis(10));
            assertThat(registry.find(LeaseholdMeters.ACQUIRED.getName())
                            .tag("group", "group-" + i)
                            .counter())
                    .isNotNull();
            running.dispose();
            broker.deleteGroup("group-" + i);
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        // The topic has its meters, and an event or an error may have got one.
        assertThat(registry.getMeters().size()).isLessThan(before + 10);

        assertThat(registry.find(LeaseholdMeters.ACQUIRED.getName()).meters()).isEmpty();
    }

    @Test
    void metersOfAGroupThatIsConsumedAgainCountAgain() {
        for (int i = 0; i < 2; i++) {
            var running = consumer().handle(delivery -> Mono.empty()).subscribe(o -> {}, error -> {});
            publish("a");
            time.advanceTimeBy(Duration.ofMillis(100));
            assertThat(value(LeaseholdMeters.ACQUIRED)).isEqualTo(1);
            running.dispose();
            time.advanceTimeBy(Duration.ofMillis(100));
        }
    }

    @Test
    void metersOfAClosedClientGo() {
        int before = registry.getMeters().size();
        for (int i = 0; i < 100; i++) {
            MessageClient one = client(MeterRecorder.of(registry));
            one.publish(Message.to("quakes.nc").body("a")).subscribe(receipt -> {}, error -> {});
            time.advanceTimeBy(Duration.ofMillis(10));
            assertThat(registry.getMeters().size()).isGreaterThan(before);
            one.close().subscribe();
            time.advanceTimeBy(Duration.ofSeconds(10));
            assertThat(registry.getMeters().size()).isEqualTo(before);
        }
    }

    @Test
    void aConsumerThatNeverGetsAnythingIsSeen() {
        consumer().handle(delivery -> Mono.never()).subscribe(o -> {}, error -> {});
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(value(LeaseholdMeters.OLDEST_AGE, "group", "assessors")).isZero();
        assertThat(value(LeaseholdMeters.INFLIGHT_LIMIT, "group", "assessors")).isEqualTo(64);
        assertThat(value(LeaseholdMeters.UNHEARD)).isZero();
    }

    @Test
    void whatWaitsAtTheBrokerIsTheLag() {
        consumer()
                .concurrency(1)
                .prefetch(0)
                .maxWaiting(1)
                .handle(delivery -> Mono.never())
                .subscribe(o -> {}, error -> {});
        for (int i = 0; i < 10; i++) {
            publish("m" + i);
        }
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(value(LeaseholdMeters.LAG, "group", "assessors")).isEqualTo(9);
    }

    @Test
    void messagesThatWaitWhileNobodyTakesThemGetOlder() {
        consumer().handle(delivery -> Mono.empty()).subscribe(o -> {}, error -> {});
        consumer().control().pause().subscribe();
        publish("a");
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(value(LeaseholdMeters.OLDEST_AGE)).isZero();
        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(value(LeaseholdMeters.OLDEST_AGE)).isEqualTo(30);
        consumer().control().resume().subscribe();
        time.advanceTimeBy(Duration.ofSeconds(5));
        value(LeaseholdMeters.OLDEST_AGE);
        time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(value(LeaseholdMeters.OLDEST_AGE)).isZero();
    }

    @Test
    void groupsBeyondTheBoundShareOne() {
        MeterRecorder recorder = MeterRecorder.of(registry, Tags.of("client", "many"));
        for (int i = 0; i < MeterRecorder.GROUPS_MAX + 50; i++) {
            recorder.event(MessagingEvent.of(MessagingEvent.Kind.ORPHAN, "group-" + i + "/topic", null));
        }

        assertThat(registry.find(LeaseholdMeters.ORPHAN.getName()).counters()).hasSize(MeterRecorder.GROUPS_MAX + 1);
        assertThat(value(LeaseholdMeters.ORPHAN, "group", "other")).isEqualTo(50);
    }
}
