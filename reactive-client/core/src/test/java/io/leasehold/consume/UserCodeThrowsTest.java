package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.Room;
import io.leasehold.Scenario;
import io.leasehold.Threads;
import io.leasehold.Thrown;
import io.leasehold.Uncaught;
import io.leasehold.VirtualTime;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.event.RunEnd;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.StageAnswer;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/**
 * The table of every place where a consumer calls code of its user's, of everything that can be thrown there, and of
 * every way to consume: the message ends in a decision, slot and lane come back, the next message of the key is
 * handled, and the error is told. There is one slot and one key, so that whatever is kept by the first message is
 * missed by the second.
 */
class UserCodeThrowsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String LOCAL = "of the user";

    @RegisterExtension
    final Room room = Room.fenced();

    @RegisterExtension
    final Uncaught handler = new Uncaught();

    private final List<Throwable> uncaught = handler.errors();

    private final VirtualTimeScheduler elsewhere = VirtualTime.create();
    private final AtomicInteger raised = new AtomicInteger();
    private MessageClient client;
    private Duration step = Duration.ofMillis(500);
    private boolean raisedIsTold;
    private volatile Place place;
    private Thrown thrown;

    /** How a message whose user code throws there must end. */
    private enum End {
        /** As a failure of the work. */
        FAILS,
        /** Given back: a stage has refused it, and it is handled later. */
        REFUSED,
        /** As if nothing had been thrown. */
        UNHARMED,
        /** By the timeout, as work does of which nothing is heard any more. */
        CUT_OFF,
        /** As a failure, and with it the sequence: the subscriber itself is broken. */
        ENDS_ALL
    }

    /** Where user code is called. */
    private enum Place {
        CALL_OF_THE_HANDLER(End.FAILS),
        SUBSCRIBE(End.FAILS),
        REQUEST(End.FAILS),
        OPERATOR(End.FAILS),
        SIGNALLED_ERROR(End.FAILS),
        TEXT_OF_THE_ERROR(End.FAILS),
        CODEC(End.FAILS),
        KEY_FUNCTION(End.FAILS),
        RETRY_PREDICATE(End.FAILS),
        ACQUISITION(End.FAILS),
        TRACKED_PUBLISHER(End.FAILS),
        STAGE_ENTER(End.REFUSED),
        STAGE_CONTEXT(End.REFUSED),
        STAGE_EXIT(End.UNHARMED),
        RECORDER(End.UNHARMED),
        RELEASE_FUNCTION(End.UNHARMED),
        RELEASE_PUBLISHER(End.UNHARMED),
        /** The release goes on elsewhere and never ends there: it is waited for as long as a cancel may take. */
        RELEASE_ON_ANOTHER_THREAD(End.UNHARMED),
        /** The Reactor context that the subscriber has, when the work asks for it. */
        REACTOR_CONTEXT(End.FAILS),
        /** A thread local of the user's, when it is set before the work, and when it is given back after it. */
        THREAD_LOCAL(End.FAILS),
        THREAD_LOCAL_AFTERWARDS(End.FAILS),
        LOSS_SUBSCRIBER(End.UNHARMED),
        CANCEL(End.CUT_OFF),
        CANCEL_OF_A_TRACKED_PUBLISHER(End.CUT_OFF),
        /** Nobody but the thread's owner hears of what an operator throws there. */
        OPERATOR_ON_ANOTHER_THREAD(End.CUT_OFF),
        SUBSCRIBER(End.ENDS_ALL);

        private final End end;

        Place(End end) {
            this.end = end;
        }

        /**
         * What is signalled on another thread instead of thrown can be heard. A batch asks its stages for each member,
         * and those of whom a stage will not have it are asked again by themselves; so is each member whose batch has
         * failed, and what throws only once does not throw again.
         */
        End end(Way way, Thrown thrown) {
            if (this == OPERATOR_ON_ANOTHER_THREAD && !thrown.isFatal()) {
                return End.FAILS;
            }
            if (this == REACTOR_CONTEXT && way == Way.THROUGH) {
                // The pipeline is subscribed with it.
                return End.ENDS_ALL;
            }
            boolean once = end == End.REFUSED || this == REACTOR_CONTEXT || isOfThreadLocals();
            return way.isBatch() && once ? End.UNHARMED : end;
        }

        /** Thread locals are set around calls that block; elsewhere, where Reactor does it around each operator. */
        boolean isOfThreadLocals() {
            return this == THREAD_LOCAL || this == THREAD_LOCAL_AFTERWARDS;
        }

        boolean isBeforeTheHandOver() {
            return this == CODEC || this == KEY_FUNCTION;
        }
    }

    /** How messages are consumed. */
    private enum Way {
        HANDLE,
        BATCH,
        DELIVERIES,
        THROUGH,
        BLOCKING,
        BLOCKING_BATCH;

        boolean isBlocking() {
            return this == BLOCKING || this == BLOCKING_BATCH;
        }

        boolean isBatch() {
            return this == BATCH || this == BLOCKING_BATCH;
        }

        boolean has(Place place) {
            return !isBlocking()
                    // The context of a batch is the subscriber's as it is: nothing of it is called.
                    ? !place.isOfThreadLocals() && !(this == BATCH && place == Place.REACTOR_CONTEXT)
                    : !(this == BLOCKING_BATCH && place == Place.REACTOR_CONTEXT)
                            && switch (place) {
                                case SUBSCRIBE,
                                        REQUEST,
                                        OPERATOR,
                                        SIGNALLED_ERROR,
                                        CANCEL,
                                        TRACKED_PUBLISHER,
                                        CANCEL_OF_A_TRACKED_PUBLISHER,
                                        OPERATOR_ON_ANOTHER_THREAD,
                                        RELEASE_ON_ANOTHER_THREAD,
                                        LOSS_SUBSCRIBER -> false;
                                default -> true;
                            };
        }
    }

    static Stream<Arguments> table() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Place.values())
                        .filter(way::has)
                        .flatMap(place -> Stream.of(Thrown.values()).map(thrown -> Arguments.of(way, place, thrown))));
    }

    @BeforeEach
    void registerAThreadLocal() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new HostileLocal());
    }

    @AfterEach
    void unwatch() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(LOCAL);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("table")
    @Scenario(7)
    void theMessageEndsAndTheNextIsHandled(Way way, Place where, Thrown what) {
        place = where;
        thrown = what;
        // Threads of blocking handlers are real: time passes slowly for them.
        step = way.isBlocking() ? Duration.ofMillis(5) : step;
        Heard<Outcome> outcomes = room.hear(consume(way).contextWrite(this::context));
        room.publish("bad", "good");
        settle(outcomes);

        List<Outcome> bad = of("bad", outcomes);
        List<Outcome> good = of("good", outcomes);
        assertThat(raised).as("thrown").hasPositiveValue();
        End end = place.end(way, thrown);
        if (way == Way.DELIVERIES && place.isBeforeTheHandOver()) {
            // The pipeline never saw it, and is told nothing of it: the event says why, and the letter what.
            assertThat(room.told().events())
                    .filteredOn(event -> event.kind() == Kind.DEAD_LETTERED)
                    .extracting(MessagingEvent::code)
                    .allMatch(code -> code == ErrorCode.DECODE_FAILED
                            || code == ErrorCode.CODEC_UNAVAILABLE
                            || code == ErrorCode.HANDLER_FAILED)
                    .hasSize(1);
            raisedIsTold = true;
        } else {
            assertEnd(end, bad);
        }
        if (end == End.ENDS_ALL) {
            assertThat(outcomes.hasEnded()).as("the sequence has ended").isTrue();
            assertThat(thrown.isIn(outcomes.error())).as("with the error").isTrue();
            again();
        } else {
            assertThat(good).extracting(Outcome::kind).as("the next").containsExactly(Outcome.Kind.ACKED);
            assertThat(outcomes.hasEnded()).as("the sequence goes on").isFalse();
        }
        assertThat(room.group("assessors").held()).as("held").isZero();
        assertTold(way, outcomes);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Thrown.class)
    void aSubscriberWhoseContextThrowsHearsOfItAndTheNextMayConsume(Thrown what) {
        thrown = what;
        place = Place.RECORDER;
        MessageConsumer<String> consumer = Room.consumer(room.client());
        List<Throwable> heard = new ArrayList<>();
        consumer.handle(delivery -> Mono.empty()).subscribe(new BaseSubscriber<>() {
            @Override
            public Context currentContext() {
                return raised.get() == 0 ? raise() : Context.empty();
            }

            @Override
            protected void hookOnError(Throwable error) {
                heard.add(error);
            }
        });
        room.pass(Duration.ofSeconds(1));
        assertThat(heard).hasSize(1).allMatch(thrown::isIn);
        assertThat(uncaught).hasSize(thrown.isFatal() ? 1 : 0).allMatch(thrown::isIn);

        Heard<Outcome> outcomes = room.hear(consumer.handle(delivery -> Mono.empty()));
        room.publish("good");
        room.pass(Duration.ofSeconds(1));
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    // ---- what is expected

    private void assertEnd(End end, List<Outcome> bad) {
        switch (end) {
            case FAILS -> {
                assertThat(bad).extracting(Outcome::kind).containsExactly(Outcome.Kind.DEAD_LETTERED);
                assertThat(bad.get(0).error()).isNotNull();
            }
            case REFUSED -> {
                assertThat(bad).extracting(Outcome::kind).containsExactly(Outcome.Kind.NAKED, Outcome.Kind.ACKED);
                assertThat(bad.get(0).code()).isEqualTo(ErrorCode.STAGE_REFUSED);
            }
            case UNHARMED -> assertThat(bad).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
            case CUT_OFF -> {
                assertThat(bad).extracting(Outcome::kind).containsExactly(Outcome.Kind.DEAD_LETTERED);
                assertThat(bad.get(0).code()).isEqualTo(ErrorCode.HANDLER_TIMEOUT);
            }
            case ENDS_ALL -> {}
        }
    }

    private void again() {
        place = null;
        Heard<Outcome> outcomes = room.hear(consume(Way.HANDLE));
        room.publish("better");
        until(() -> !of("better", outcomes).isEmpty());
        assertThat(of("better", outcomes)).extracting(Outcome::kind).containsExactly(Outcome.Kind.ACKED);
    }

    // In the outcome, in an event, as a fault; what is fatal ends where it would on a thread of Reactor's, too.
    private void assertTold(Way way, Heard<Outcome> outcomes) {
        Stream<Throwable> events = room.told().events().stream()
                .map(event -> event.details().get("fault"))
                .filter(Throwable.class::isInstance)
                .map(Throwable.class::cast);
        Stream<Throwable> failures =
                Stream.concat(outcomes.values().stream().map(Outcome::error), Stream.ofNullable(outcomes.error()));
        Stream<Throwable> rest = Stream.concat(room.told().faults().stream(), uncaught.stream());
        // A batch that has failed is told by its members, if they fail with the same again.
        raisedIsTold |= way.isBatch() && place != null && place.isOfThreadLocals();
        assertThat(Stream.of(failures, events, rest).flatMap(each -> each))
                .as("told")
                .anyMatch(error -> raisedIsTold || (error != null && thrown.isIn(error)));
        if (way.isBlocking()) {
            // Threads of a scheduler of Reactor's have a handler of their own, which writes to the log.
            uncaught.clear();
        } else if (thrown.isFatal() && place != Place.SIGNALLED_ERROR && place != Place.RECORDER) {
            assertThat(uncaught).as("handed on").anyMatch(thrown::isIn);
        } else if (place != Place.LOSS_SUBSCRIBER) {
            assertThat(uncaught).as("handed on").isEmpty();
        }
        // A thread that is about to leave throws no more.
        place = null;
        room.told().faults().clear();
    }

    private static List<Outcome> of(String body, Heard<Outcome> outcomes) {
        return outcomes.values().stream()
                .filter(outcome -> outcome.id() != null && outcome.id().value().equals(body))
                .toList();
    }

    private void settle(Heard<Outcome> outcomes) {
        until(() -> {
            long unseen = room.told().count(Kind.DEAD_LETTERED);
            long acked = outcomes.values().stream()
                    .filter(outcome -> outcome.kind() == Outcome.Kind.ACKED)
                    .count();
            return acked + unseen >= 2 || outcomes.hasEnded();
        });
        room.pass(Duration.ofSeconds(2));
    }

    private void until(BooleanSupplier holds) {
        Threads.await("the end of all", Duration.ofSeconds(10), () -> {
            room.pass(step);
            passElsewhere();
            return holds.getAsBoolean();
        });
    }

    // What a fatal error on another thread does to that thread is none of our business.
    private void passElsewhere() {
        try {
            elsewhere.advanceTimeBy(Duration.ofMillis(500));
        } catch (Throwable fatal) {
            uncaught.add(fatal);
        }
    }

    // ---- what is consumed, and how

    private Flux<Outcome> consume(Way way) {
        MessageConsumer<String> consumer = Room.consumer(client())
                .concurrency(1)
                .keyed(this::key)
                .retryOn(this::isRetryable)
                .maxDeliveries(1)
                .redelivery(Backoff.fixed(Duration.ofSeconds(1)))
                .handlerTimeout(isPatient(way) ? LONG : TIMEOUT)
                .deadLetterTo("dead.quakes");
        return switch (way) {
            case HANDLE -> consumer.handle(this::work).doOnNext(this::hear);
            case BATCH ->
                consumer.handleBatch(BatchSettings.ofSize(1), all -> work(all.get(0)))
                        .doOnNext(this::hear);
            case DELIVERIES ->
                consumer.deliveries().doOnNext(this::hear).flatMap(delivery -> delivery.settleBy(worked(delivery)), 1);
            case THROUGH ->
                consumer.through(
                        flux -> flux.doOnNext(this::hear).flatMap(delivery -> delivery.settleBy(worked(delivery)), 1));
            case BLOCKING -> consumer.handle(Handler.blocking(this::block)).doOnNext(this::hear);
            case BLOCKING_BATCH ->
                consumer.handleBatch(BatchSettings.ofSize(1), BatchHandler.blocking(all -> block(all.get(0))))
                        .doOnNext(this::hear);
        };
    }

    // What blocks is not cut off here, and its threads may be slow to come; a release ends within a limit of its own.
    private boolean isPatient(Way way) {
        return way.isBlocking() || place == Place.RELEASE_ON_ANOTHER_THREAD;
    }

    private MessageClient client() {
        client = client == null ? room.client("hostile", this::dressed) : client;
        return client;
    }

    private MessageClientBuilder dressed(MessageClientBuilder builder) {
        return builder.codecs(Codecs.of(String.class, new HostileCodec()))
                .stage(new HostileStage())
                .recorder(new HostileRecorder());
    }

    @SuppressWarnings("unchecked")
    private Publisher<?> worked(Delivery<String> delivery) {
        return subscriber -> ((Publisher<Object>) work(delivery)).subscribe(subscriber);
    }

    private Publisher<?> work(Delivery<String> delivery) {
        String body = delivery.body();
        if (!body.equals("bad") || place == null) {
            return Mono.empty();
        }
        return switch (place) {
            case CALL_OF_THE_HANDLER -> raise();
            case SUBSCRIBE -> subscriber -> raise();
            case REQUEST -> subscriber -> subscriber.onSubscribe(new Hostile(true));
            case OPERATOR -> Mono.just(1).map(one -> raise());
            case SIGNALLED_ERROR -> Mono.error(made());
            case TEXT_OF_THE_ERROR -> Mono.error(new Untold(made()));
            case RETRY_PREDICATE -> Mono.error(new IllegalStateException("no"));
            case ACQUISITION -> delivery.lease().bind(Mono.fromCallable(this::raise), one -> Mono.empty());
            case TRACKED_PUBLISHER -> delivery.lease().track(Mono.just(1).map(one -> raise()));
            case RELEASE_FUNCTION -> delivery.lease().bind(Mono.just(1), one -> raise());
            case RELEASE_PUBLISHER -> delivery.lease().bind(Mono.just(1), one -> Mono.fromRunnable(this::raise));
            case LOSS_SUBSCRIBER ->
                Mono.fromRunnable(() -> delivery.lease().lost().subscribe(new HostileSubscriber()));
            case CANCEL -> subscriber -> subscriber.onSubscribe(new Hostile(false));
            case CANCEL_OF_A_TRACKED_PUBLISHER ->
                delivery.lease().track(subscriber -> subscriber.onSubscribe(new Hostile(false)));
            case OPERATOR_ON_ANOTHER_THREAD ->
                Mono.delay(Duration.ofMillis(10), elsewhere).map(tick -> raise());
            case RELEASE_ON_ANOTHER_THREAD ->
                delivery.lease()
                        .bind(
                                Mono.just(1),
                                one -> Mono.delay(Duration.ofMillis(10), elsewhere)
                                        .map(tick -> raise()));
            case REACTOR_CONTEXT -> Mono.deferContextual(context -> Mono.empty());
            case THREAD_LOCAL, THREAD_LOCAL_AFTERWARDS -> Mono.empty();
            case CODEC, KEY_FUNCTION, STAGE_ENTER, STAGE_CONTEXT, STAGE_EXIT, RECORDER, SUBSCRIBER -> Mono.empty();
        };
    }

    private void block(Delivery<String> delivery) {
        if (delivery.body().equals("bad") && place == Place.TEXT_OF_THE_ERROR) {
            throw new Untold(made());
        }
        Flux.from(work(delivery)).blockLast(Duration.ofSeconds(10));
    }

    private Throwable made() {
        raised.incrementAndGet();
        return thrown.make();
    }

    private <R> R raise() {
        raised.incrementAndGet();
        return thrown.raise();
    }

    private void raiseAt(Place here, String body) {
        if (place == here && body.equals("bad")) {
            raise();
        }
    }

    private String key(Message message) {
        raiseAt(Place.KEY_FUNCTION, message.text());
        return "one";
    }

    private boolean isRetryable(Throwable error) {
        raiseAt(Place.RETRY_PREDICATE, "bad");
        return true;
    }

    private void hear(Object element) {
        raiseAt(Place.SUBSCRIBER, "bad");
    }

    /** A subscription that throws when it is asked, or when it is cancelled. */
    private final class Hostile implements Subscription {
        private final boolean atRequest;

        Hostile(boolean atRequest) {
            this.atRequest = atRequest;
        }

        @Override
        public void request(long n) {
            if (atRequest) {
                raise();
            }
        }

        @Override
        public void cancel() {
            if (!atRequest) {
                raise();
            }
        }
    }

    /** An error that cannot be told. */
    private static final class Untold extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Throwable raised;

        Untold(Throwable raised) {
            super(raised);
            this.raised = raised;
        }

        @Override
        public String toString() {
            throw Exceptions.propagate(raised);
        }
    }

    private final class HostileSubscriber implements CoreSubscriber<Object> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Object element) {
            raise();
        }

        @Override
        public void onError(Throwable error) {
            raise();
        }

        @Override
        public void onComplete() {
            raise();
        }
    }

    private final class HostileCodec implements Codec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(Message message) {
            raiseAt(Place.CODEC, message.text());
            return message.text();
        }
    }

    /** Throws where it is to, the first time. */
    private final class HostileStage implements ConsumeStage {
        @Override
        public StageAnswer enter(ConsumeView view, long now) {
            raiseOnce(Place.STAGE_ENTER, view);
            return StageAnswer.PROCEED;
        }

        @Override
        public Context context(ConsumeView view, Context given) {
            raiseOnce(Place.STAGE_CONTEXT, view);
            return given.put("tenant", "one");
        }

        @Override
        public void exit(ConsumeView view, Outcome.Kind outcome, long now) {
            raiseOnce(Place.STAGE_EXIT, view);
        }

        private void raiseOnce(Place here, ConsumeView view) {
            if (raised.get() == 0) {
                raiseAt(here, view.message().text());
            }
        }
    }

    private Context context(Context given) {
        return switch (place) {
            case REACTOR_CONTEXT -> new HostileContext(given);
            case THREAD_LOCAL, THREAD_LOCAL_AFTERWARDS -> given.put(LOCAL, "one");
            default -> given;
        };
    }

    private void raiseOnce(Place here) {
        if (raised.get() == 0) {
            raiseAt(here, "bad");
        }
    }

    /** Set around the first call that blocks, which is that of the bad message. */
    private final class HostileLocal implements ThreadLocalAccessor<String> {
        private final ThreadLocal<String> value = new ThreadLocal<>();

        @Override
        public Object key() {
            return LOCAL;
        }

        @Override
        public String getValue() {
            return value.get();
        }

        @Override
        public void setValue(String next) {
            raiseOnce(Place.THREAD_LOCAL);
            value.set(next);
        }

        @Override
        public void setValue() {
            raiseOnce(Place.THREAD_LOCAL_AFTERWARDS);
            value.remove();
        }
    }

    /** A context of the user's own make, which the first work finds broken. */
    private final class HostileContext implements Context {
        private final Context given;

        HostileContext(Context given) {
            this.given = given;
        }

        @Override
        public <T> T get(Object key) {
            return given.get(key);
        }

        @Override
        public boolean hasKey(Object key) {
            return given.hasKey(key);
        }

        @Override
        public Context put(Object key, Object value) {
            raiseOnce(Place.REACTOR_CONTEXT);
            return given.put(key, value);
        }

        @Override
        public Context delete(Object key) {
            return given.delete(key);
        }

        @Override
        public int size() {
            return given.size();
        }

        @Override
        public Stream<Map.Entry<Object, Object>> stream() {
            raiseOnce(Place.REACTOR_CONTEXT);
            return given.stream();
        }
    }

    private final class HostileRecorder implements Recorder {
        @Override
        public void opened(LeaseView lease) {
            raiseAt(Place.RECORDER, "bad");
        }

        @Override
        public void started(String group) {
            raiseAt(Place.RECORDER, "bad");
        }

        @Override
        public void ended(String group, RunEnd how, ErrorCode code, long nanos) {
            raiseAt(Place.RECORDER, "bad");
        }

        @Override
        public void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
            raiseAt(Place.RECORDER, "bad");
        }
    }
}
