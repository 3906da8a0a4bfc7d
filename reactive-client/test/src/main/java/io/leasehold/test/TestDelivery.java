package io.leasehold.test;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.Handler;
import io.leasehold.consume.Outcome;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Makes a delivery for a handler alone. It is a real one, with a real lease: that of a member of a {@link
 * LeaseScenario} of its own, which holds this one message and nothing else.
 *
 * <pre>{@code
 * try (TestDelivery<String> test = TestDelivery.of("order 42")) {
 *     Mono<Outcome> outcome = test.handle(listener::bill);
 *     test.lose(LeaseLoss.EXPIRED);
 *     StepVerifier.create(outcome).expectNextMatches(end -> end.kind() == Outcome.Kind.LOST).verifyComplete();
 * }
 * }</pre>
 *
 * @param <T> the type of the body
 */
@CheckReturnValue
public final class TestDelivery<T> implements AutoCloseable {
    private static final String MEMBER = "handler";
    private static final String GROUP = "handlers";
    private static final String TOPIC = "deliveries.of-a-test";
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration HOLD_MAX = Duration.ofMinutes(5);

    private final LeaseScenario scenario =
            LeaseScenario.on(EmbeddedSettings.builder().allowUnkept(true).build());
    private final Delivery<T> delivery;
    private final HandedOut handedOut;
    private boolean handled;

    private TestDelivery(Message message, T body) {
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) body.getClass();
        AtomicReference<@Nullable Delivery<T>> given = new AtomicReference<>();

        try {
            scenario.codecs(Codecs.of(type, new OnlyThis<>(body)));
            scenario.member(
                    MEMBER,
                    client -> client.consumer(message.topic(), GROUP, type)
                            .leaseTime(LEASE)
                            .maxHold(HOLD_MAX)
                            .deliveries()
                            .doOnNext(given::set)
                            .flatMap(held -> Flux.<Outcome>never(), 1, 1));
            scenario.publish(message.isEncoded() ? message : message.body(new byte[0]));
            this.delivery = made(given.get()).keep();
            this.handedOut = made(scenario.of(MEMBER).newest());
        } catch (RuntimeException | Error refused) {
            scenario.leaveHeld().close();
            throw refused;
        }
    }

    private <V> V made(@Nullable V something) {
        if (something == null) {
            throw scenario.failure("a delivery to be made", "none came");
        }
        return something;
    }

    /** Makes a delivery with this body, of a message without key or headers, with the id {@code handler}. */
    public static <T> TestDelivery<T> of(T body) {
        return of(Message.to(TOPIC).id(MEMBER), body);
    }

    /** Makes a delivery of this message, with this body whatever the bytes of the message are. */
    public static <T> TestDelivery<T> of(Message message, T body) {
        return new TestDelivery<>(message, body);
    }

    /** Is the codec of one value. */
    private record OnlyThis<T>(T body) implements Codec<T> {
        @Override
        public byte[] encode(T value) {
            return new byte[0];
        }

        @Override
        public T decode(Message message) {
            return body;
        }
    }

    /** Gives the delivery. It is held, and extended, until it is settled or lost. */
    public Delivery<T> delivery() {
        return delivery;
    }

    /**
     * Calls a handler with the delivery and settles by how its work ends. It runs at once, but for a blocking one: that
     * has a thread of its own, and ends with the next step of the test. An assertion that fails within the handler is
     * told by {@link #close}.
     *
     * @return how the run ended; replayed, and empty until then
     */
    @CanIgnoreReturnValue
    public Mono<Outcome> handle(Handler<T> handler) {
        handled = true;
        Sinks.One<Outcome> told = Sinks.one();
        scenario.of(MEMBER)
                .time()
                .run(() -> delivery.settleBy(workOf(handler))
                        .subscribe(
                                outcome -> {
                                    scenario.note("sees the outcome " + ScenarioMember.textOf(outcome));
                                    scenario.of(MEMBER).failed(outcome);
                                    told.tryEmitValue(outcome);
                                },
                                told::tryEmitError));
        scenario.pass(Duration.ZERO);
        return told.asMono();
    }

    private Publisher<?> workOf(Handler<T> handler) {
        try {
            return handler.handle(delivery);
        } catch (RuntimeException | Error thrown) {
            return Mono.error(thrown);
        }
    }

    /** Lets time pass for the handler. */
    @CanIgnoreReturnValue
    public TestDelivery<T> pass(Duration duration) {
        scenario.pass(duration);
        return this;
    }

    /**
     * Takes the lease away, as the broker or the clock would: for {@code EXPIRED} the connection fails and a lease time
     * of 30 s passes, for {@code MAX_HOLD} 5 min pass, otherwise no time. Work goes on in that time: what ends within
     * it is not cancelled.
     *
     * @throws IllegalArgumentException for {@code CLOSED} and {@code RUN_OUT}, which is what a client does by itself
     * @throws AssertionError when it was settled or lost before
     */
    @CanIgnoreReturnValue
    public TestDelivery<T> lose(LeaseLoss loss) {
        ScenarioMember member = scenario.of(MEMBER);
        scenario.note("takes the lease away: " + loss);
        scenario.leaveLent();
        switch (loss) {
            case EXPIRED -> {
                member.line().cut();
                scenario.pass(LEASE);
            }
            case MAX_HOLD -> scenario.pass(HOLD_MAX);
            case MESSAGE_DELETED -> scenario.broker().deleteMessage(GROUP, handedOut.ref());
            case GROUP_GONE -> scenario.broker().deleteGroup(GROUP);
            case REVOKED -> scenario.broker().revoke(GROUP, MEMBER);
            case SUPERSEDED, SETTLED_ELSEWHERE, CONNECTION_LOST -> member.line().tellEnded(handedOut, loss);
            case CLOSED, RUN_OUT -> throw new IllegalArgumentException(loss + " is what a client does by itself");
        }
        scenario.pass(Duration.ZERO);
        if (handedOut.loss() != loss) {
            throw scenario.failure("the lease to be lost by " + loss, "its loss was " + handedOut.loss());
        }

        return this;
    }

    /** Says how the broker was told to settle the message; empty while it was not. */
    public Optional<SettleVerb> settled() {
        scenario.pass(Duration.ZERO);
        return Optional.ofNullable(handedOut.settledBy());
    }

    /** Says why the lease was lost; empty while it was not. */
    public Optional<LeaseLoss> lost() {
        scenario.pass(Duration.ZERO);
        return Optional.ofNullable(handedOut.loss());
    }

    /** Gives what the handler published through the delivery and reached the broker, in order. */
    public List<Message> published() {
        scenario.pass(Duration.ZERO);
        return List.copyOf(scenario.of(MEMBER).published());
    }

    /** Gives the virtual time of the handler. */
    public VirtualTimeScheduler virtualTime() {
        return scenario.virtualTime();
    }

    /**
     * Ends the delivery.
     *
     * @throws AssertionError when work goes on that was attached by {@link #handle}
     */
    @Override
    public void close() {
        if (!handled) {
            scenario.leaveHeld();
        }

        scenario.close();
    }
}
