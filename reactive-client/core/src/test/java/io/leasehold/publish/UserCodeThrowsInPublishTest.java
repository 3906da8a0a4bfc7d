package io.leasehold.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.Scenario;
import io.leasehold.Thrown;
import io.leasehold.Uncaught;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.Recorder;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.StageAnswer;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * The table of every place where publishing calls code of its user's, of everything that can be thrown there, and of
 * every way to publish: the publish ends, its place in the window comes back, the next one of the key is confirmed, and
 * the error is told. The window has one place, so that whatever is kept by the first is missed by the second.
 */
class UserCodeThrowsInPublishTest {
    private static final String LOCAL = "of the user";

    @RegisterExtension
    final Room room = Room.fenced();

    @RegisterExtension
    final Uncaught handler = new Uncaught();

    private final List<Throwable> uncaught = handler.errors();

    private final List<Throwable> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger raised = new AtomicInteger();
    private final HostileLocal local = new HostileLocal();
    private Place place;
    private Thrown thrown;

    /** Where user code is called. */
    private enum Place {
        CODEC,
        STAGE_CAPTURE,
        STAGE_ENTER,
        STAGE_EXIT,
        SUBSCRIBERS_CONTEXT,
        /** A thread local of the user's: read of the caller, set for the stages, hidden from the recorder. */
        THREAD_LOCAL_READ,
        THREAD_LOCAL_SET,
        THREAD_LOCAL_HIDDEN,
        RECORDER,
        SUBSCRIBER,
        SUBSCRIBER_AT_THE_END,
        SOURCE_SUBSCRIBE,
        SOURCE_REQUEST,
        SOURCE_OPERATOR;

        boolean isOfSource() {
            return this == SOURCE_SUBSCRIBE || this == SOURCE_REQUEST || this == SOURCE_OPERATOR;
        }
    }

    /** How messages are published. */
    private enum Way {
        ONE,
        ONE_IN_ORDER,
        MANY,
        MANY_IN_ORDER;

        boolean isMany() {
            return this == MANY || this == MANY_IN_ORDER;
        }

        boolean has(Place place) {
            return isMany() || !place.isOfSource();
        }
    }

    static Stream<Arguments> table() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Place.values())
                        .filter(way::has)
                        .flatMap(place -> Stream.of(Thrown.values()).map(thrown -> Arguments.of(way, place, thrown))));
    }

    @BeforeEach
    void watch() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(local);
    }

    @AfterEach
    void unwatch() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(LOCAL);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("table")
    @Scenario(7)
    void thePublishEndsAndTheNextIsConfirmed(Way way, Place where, Thrown what) {
        place = where;
        thrown = what;
        MessageClient client = room.client(
                "hostile",
                builder -> builder.publishing(
                                PublishSettings.builder().window(1).build())
                        .codecs(Codecs.of(Integer.class, new HostileCodec()))
                        .stage(new HostileStage())
                        .recorder(new HostileRecorder()));
        room.hear(client.consumer("quakes.>", "assessors", String.class).handle(delivery -> Mono.empty()));
        MessagePublisher publisher = way == Way.ONE || way == Way.MANY
                ? client.publisher()
                : client.publisher().ordered();

        local.value.set("one");
        publish(publisher, way);
        local.value.remove();
        room.pass(Duration.ofSeconds(5));

        assertThat(raised).as("thrown").hasPositiveValue();
        place = null;
        publisher.resume("one");
        Heard<?> next = room.hear(publisher.publish(message()));
        room.pass(Duration.ofSeconds(5));
        assertThat(next.hasCompleted()).as("the next is confirmed").isTrue();
        assertTold(where);
    }

    private static Message message() {
        return Message.to("quakes.nc").key("one").body("a");
    }

    private void publish(MessagePublisher publisher, Way way) {
        if (way.isMany()) {
            Hostile<PublishResult> subscriber = new Hostile<>();
            publisher.publishAll(source()).subscribe(subscriber);
        } else if (place == Place.CODEC) {
            Heard<?> receipt = room.hear(publisher.publish(message(), 1));
            room.pass(Duration.ofSeconds(1));
            assertThat(receipt.code()).isEqualTo(ErrorCode.ENCODE_FAILED);
            told.add(receipt.error());
        } else {
            publisher.publish(message()).subscribe(new Hostile<>());
        }
    }

    private Publisher<Message> source() {
        return switch (place) {
            case SOURCE_SUBSCRIBE -> subscriber -> raise();
            case SOURCE_REQUEST -> subscriber -> subscriber.onSubscribe(new HostileSubscription());
            case SOURCE_OPERATOR -> Flux.just(1).map(one -> raise());
            case CODEC -> Flux.just(message().body((Object) 1));
            default -> Flux.just(message());
        };
    }

    // To the subscriber, as a fault; what is fatal ends where it would on a thread of Reactor's, too.
    private void assertTold(Place where) {
        told.addAll(room.told().faults());
        room.told().events().stream()
                .map(event -> event.details().get("fault"))
                .filter(Throwable.class::isInstance)
                .forEach(fault -> told.add((Throwable) fault));
        assertThat(told).as("told").anyMatch(thrown::isIn);
        if (thrown.isFatal() && where != Place.RECORDER) {
            assertThat(uncaught).as("handed on").isNotEmpty().allMatch(thrown::isIn);
        } else {
            assertThat(uncaught).as("handed on").isEmpty();
        }
        room.told().faults().clear();
    }

    private <R> R raise() {
        raised.incrementAndGet();
        return thrown.raise();
    }

    private void raiseAt(Place here) {
        if (place == here) {
            raise();
        }
    }

    private void raiseOnce(Place here) {
        if (raised.get() == 0) {
            raiseAt(here);
        }
    }

    private final class HostileLocal implements ThreadLocalAccessor<String> {
        private final ThreadLocal<String> value = new ThreadLocal<>();

        @Override
        public Object key() {
            return LOCAL;
        }

        @Override
        public String getValue() {
            raiseOnce(Place.THREAD_LOCAL_READ);
            return value.get();
        }

        @Override
        public void setValue(String next) {
            raiseOnce(Place.THREAD_LOCAL_SET);
            value.set(next);
        }

        @Override
        public void setValue() {
            raiseOnce(Place.THREAD_LOCAL_HIDDEN);
            value.remove();
        }
    }

    private final class HostileSubscription implements Subscription {
        @Override
        public void request(long n) {
            raise();
        }

        @Override
        public void cancel() {}
    }

    private final class Hostile<E> implements CoreSubscriber<E> {
        @Override
        public Context currentContext() {
            raiseOnce(Place.SUBSCRIBERS_CONTEXT);
            return Context.empty();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(E element) {
            if (element instanceof PublishResult.Failed failed) {
                told.add(failed.error());
            }
            raiseAt(Place.SUBSCRIBER);
        }

        @Override
        public void onError(Throwable error) {
            told.add(error);
            raiseAt(Place.SUBSCRIBER_AT_THE_END);
        }

        @Override
        public void onComplete() {
            raiseAt(Place.SUBSCRIBER_AT_THE_END);
        }
    }

    private final class HostileCodec implements Codec<Integer> {
        @Override
        public byte[] encode(Integer value) {
            return raise();
        }

        @Override
        public Integer decode(Message message) {
            return message.sizeBytes();
        }
    }

    private final class HostileStage implements PublishStage {
        @Override
        public Context capture(Context context) {
            raiseAt(Place.STAGE_CAPTURE);
            return context;
        }

        @Override
        public StageAnswer enter(PublishView view, long now) {
            raiseAt(Place.STAGE_ENTER);
            return StageAnswer.PROCEED;
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {
            raiseAt(Place.STAGE_EXIT);
        }
    }

    private final class HostileRecorder implements Recorder {
        @Override
        public void published(String topic, @Nullable ErrorCode code, long nanos) {
            raiseAt(Place.RECORDER);
        }
    }
}
