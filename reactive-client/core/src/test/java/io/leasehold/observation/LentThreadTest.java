package io.leasehold.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.Threads;
import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.consume.ConsumeView;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.event.RunEnd;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PublishOutcome;
import io.leasehold.publish.PublishStage;
import io.leasehold.publish.PublishView;
import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * One caller's thread works off the publish of another one: what stages, codecs and recorders find in it is what the
 * other one had, and nothing of the thread that is lent.
 */
class LentThreadTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ThreadLocal<String> USER = new ThreadLocal<>();
    private static final ThreadLocal<String> UNREGISTERED = new ThreadLocal<>();
    private static final String KEY = "user";

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final ConcurrentMap<String, String> seen = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> parents = new ConcurrentHashMap<>();
    private final List<String> recorded = new CopyOnWriteArrayList<>();
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private MessageClient client;
    private final LendingBroker broker = new LendingBroker(EmbeddedBroker.create());

    @BeforeEach
    void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, USER::get, USER::set, USER::remove);
        registry.observationConfig().observationHandler(new ObservationHandler<SendContext>() {
            @Override
            public void onStart(SendContext context) {
                var parent = context.getParentObservation();
                parents.put(
                        context.message().topic(),
                        parent == null ? "none" : parent.getContextView().getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof SendContext;
            }
        });
    }

    @AfterEach
    void unregister() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        broker.inner.shutdown();
    }

    /** Has something done while the thread of a caller is within its call. */
    private static final class LendingBroker implements Broker {
        private final EmbeddedBroker inner;
        private volatile Runnable within = () -> {};

        LendingBroker(EmbeddedBroker inner) {
            this.inner = inner;
        }

        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public BrokerSession open(SessionContext context) {
            BrokerSession session = inner.open(context);
            return new BrokerSession() {
                @Override
                public Capabilities capabilities() {
                    return session.capabilities();
                }

                @Override
                public Duration smoothedRoundTrip() {
                    return session.smoothedRoundTrip();
                }

                @Override
                public PublishPort publishing() {
                    return item -> {
                        once();
                        session.publishing().publish(item);
                    };
                }

                @Override
                public DeliveryPort deliveries(GroupSpec group, DeliverySink sink) {
                    return session.deliveries(group, sink);
                }

                @Override
                public Mono<Void> declare(RetentionSpec retention) {
                    return session.declare(retention);
                }

                @Override
                public Mono<Void> close() {
                    return session.close();
                }
            };
        }

        private void once() {
            Runnable task = within;
            within = () -> {};
            task.run();
        }
    }

    private static String held() {
        return USER.get() + "/" + MDC.get(KEY);
    }

    /** Takes of the caller's thread what nobody has registered: when the caller subscribes, and only then. */
    private final class Taking implements PublishStage {
        @Override
        public Context capture(Context context) {
            String mine = UNREGISTERED.get();
            return mine == null ? context : context.put("taken", mine);
        }

        @Override
        public StageAnswer enter(PublishView view, long now) {
            seen.put("taken " + view.message().topic(), view.context().getOrDefault("taken", "none"));
            return StageAnswer.PROCEED;
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {}
    }

    private final class Looking implements PublishStage {
        @Override
        public StageAnswer enter(PublishView view, long now) {
            threads.add(view.message().topic() + " on " + Thread.currentThread().getName());
            seen.put("enter " + view.message().topic(), held());
            return StageAnswer.PROCEED;
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {
            seen.put("exit " + view.message().topic(), held());
        }
    }

    // Micrometer has one without a name stand for none.
    private String present() {
        Observation present = registry.getCurrentObservation();
        return present == null ? null : present.getContextView().getName();
    }

    /** All that a group of its own calls of the user's: with what it finds in its thread. */
    private final class Consuming implements Recorder, ConsumeStage, Codec<Integer> {
        private final Map<String, String> found = new ConcurrentHashMap<>();

        private void look(String where) {
            found.merge(where, held() + " " + present(), (one, other) -> one.equals(other) ? one : one + "," + other);
        }

        @Override
        public byte[] encode(Integer value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Integer decode(Message message) {
            look("codec");
            return 1;
        }

        @Override
        public StageAnswer enter(ConsumeView view, long now) {
            look("enter");
            return StageAnswer.PROCEED;
        }

        @Override
        public Context context(ConsumeView view, Context given) {
            look("context");
            return given;
        }

        @Override
        public void exit(ConsumeView view, Outcome.Kind outcome, long now) {
            look("exit");
        }

        @Override
        public void opened(LeaseView lease) {
            look("opened");
        }

        @Override
        public void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
            look("settled");
        }

        @Override
        public void started(String group) {
            look("started");
        }

        @Override
        public void ended(String group, RunEnd end, ErrorCode code, long nanos) {
            look("ended");
        }

        @Override
        public void event(MessagingEvent event) {
            if (event.kind() != MessagingEvent.Kind.STARTED && event.kind() != MessagingEvent.Kind.CONSUMING) {
                look("event");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingOfAPublisherIsSeenWhereItsMessageIsConsumed(boolean propagated) {
        if (propagated) {
            Hooks.enableAutomaticContextPropagation();
        }
        Consuming seeing = new Consuming();
        MessageClient consuming = MessageClient.builder()
                .broker(broker)
                .codecs(Codecs.of(Integer.class, seeing))
                .stage(seeing)
                .recorder(seeing)
                .build();
        Heard<Outcome> outcomes = Heard.of(consuming
                .consumer("seen", "seeing", Integer.class)
                .keyed(message -> {
                    seeing.look("key");
                    return "one";
                })
                .retryOn(error -> {
                    seeing.look("retry");
                    return false;
                })
                .deadLetterTo("dead.seen")
                .handle(delivery -> {
                    seeing.look("handler");
                    return Mono.error(new IllegalStateException("no"));
                }));

        as("lender", () -> client.publish(Message.to("seen")).block(LIMIT));
        Threads.await("it has ended", LIMIT, () -> !outcomes.values().isEmpty());
        consuming.close().block(LIMIT);

        assertThat(seeing.found)
                .containsKeys(
                        "codec", "enter", "context", "exit", "opened", "started", "settled", "ended", "event", "key",
                        "handler")
                .allSatisfy((where, what) -> assertThat(what).as(where).isEqualTo("null/null null"));
        client.close().block(LIMIT);
    }

    private MessageClient client() {
        MessageClientBuilder builder = MessageClient.builder()
                .broker(broker)
                .stage(new Looking())
                .stage(new Taking())
                .stages(ObservationStages.of(registry))
                .recorder(new Recorder() {
                    @Override
                    public void published(String topic, ErrorCode failure, long nanos) {
                        recorded.add(topic + " " + held() + " " + present());
                    }
                });
        MessageClient client = builder.build();
        for (String topic : List.of("lender", "other")) {
            client.consumer(topic, topic, String.class)
                    .handle(delivery -> Mono.empty())
                    .subscribe();
        }
        return client;
    }

    /** On a thread of its own, as a user within an observation. */
    private void as(String user, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    USER.set(user);
                    UNREGISTERED.set(user);
                    if (user != null) {
                        MDC.put(KEY, user);
                        Observation.createNotStarted("of " + user, registry).observe(work);
                    } else {
                        work.run();
                    }
                },
                "user-" + user);
        thread.start();
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        assertThat(thread.isAlive()).isFalse();
    }

    private void lend(String other, Supplier<Heard<?>> publish) {
        Heard<?>[] theirs = new Heard<?>[1];
        broker.within = () -> as(other, () -> theirs[0] = publish.get());
        Heard<?>[] mine = new Heard<?>[1];
        as("lender", () -> mine[0] = Heard.of(client.publish(Message.to("lender"))));
        Threads.await("both are published", LIMIT, () -> mine[0].hasCompleted() && theirs[0].hasCompleted());
        assertThat(threads).contains("other on user-lender");
        assertThat(seen).containsEntry("enter lender", "lender/lender").containsEntry("exit lender", "lender/lender");
        assertThat(parents).containsEntry("lender", "of lender");
        assertThat(recorded).hasSize(2).allMatch(line -> line.endsWith(" null/null null"));
        client.close().block(LIMIT);
    }

    @BeforeEach
    void open() {
        client = client();
    }

    @Test
    void anotherCallerIsSeenByTheStagesOfItsOwnPublish() {
        lend("other", () -> Heard.<PublishReceipt>of(client.publish(Message.to("other"))));
        assertThat(seen).containsEntry("enter other", "other/other").containsEntry("exit other", "other/other");
        assertThat(parents).containsEntry("other", "of other");
    }

    @Test
    void whatNobodyHasRegisteredIsTakenWhereTheCallerSubscribes() {
        lend("other", () -> Heard.<PublishReceipt>of(client.publish(Message.to("other"))));
        assertThat(seen).containsEntry("taken other", "other").containsEntry("taken lender", "lender");
    }

    @Test
    void whoHasNothingOfWhatNobodyHasRegisteredIsGivenNothing() {
        lend(null, () -> Heard.<PublishReceipt>of(client.publish(Message.to("other"))));
        assertThat(seen).containsEntry("taken other", "none").containsEntry("taken lender", "lender");
    }

    @Test
    void manyOfAnotherCallerAreSeenAsItsOwn() {
        lend(
                "other",
                () -> Heard.of(client.publishAll(
                        Flux.just(Message.to("other"), Message.to("other")).take(1))));

        assertThat(seen).containsEntry("enter other", "other/other").containsEntry("exit other", "other/other");
        assertThat(parents).containsEntry("other", "of other");
    }

    @Test
    void whoHasNothingIsNotGivenWhatTheLenderHas() {
        lend(null, () -> Heard.of(client.publish(Message.to("other"))));
        assertThat(seen).containsEntry("enter other", "null/null").containsEntry("exit other", "null/null");
        assertThat(parents).containsEntry("other", "none");
    }

    @Test
    void theReactorContextOfTheSubscriberGoesBeforeItsThread() {
        Observation inContext = Observation.start("of context", registry);
        lend(
                "other",
                () -> Heard.of(client.publish(Message.to("other"))
                        .contextWrite(Context.of(OpenObservations.KEY, inContext, KEY, "context"))));

        assertThat(seen).containsEntry("enter other", "context/other");
        assertThat(parents).containsEntry("other", "of context");
    }
}
