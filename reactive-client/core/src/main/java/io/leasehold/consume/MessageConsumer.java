package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Consumes the messages of a topic filter for a group. Immutable: each fluent call gives a new consumer. Of all
 * consumers of a group in one client, one subscription is active at a time; a second one errors {@code
 * ALREADY_CONSUMING}. After the end it may be subscribed again.
 *
 * <p>Subscribing errors with {@code LEASE_TIME_TOO_SHORT}, {@code TOPIC_LOOP}, {@code CODEC_MISSING} or {@code
 * CLOSED} when it cannot begin. Passing trouble of the broker is retried and shown as events; {@code GROUP_GONE} or
 * a missing permission errors the sequence after its runs have ended.
 *
 * @param <T> the type of the body
 */
@CheckReturnValue
public final class MessageConsumer<T> {
    private final Consumers consumers;
    private final ConsumerSpec<T> spec;

    MessageConsumer(Consumers consumers, ConsumerSpec<T> spec) {
        this.consumers = consumers;
        this.spec = spec;
    }

    // ---- running

    /**
     * Runs the handler for each message, {@link #concurrency} at once, and emits how each run ended. Nothing happens
     * before it is subscribed; a run starts against one unit of demand; cancelling cancels all runs and releases
     * their messages. Outcomes are signalled on the user scheduler.
     *
     * <p>Demand bounds the runs as {@link #concurrency} does: behind {@code concatMap}, {@code limitRate} or a slow
     * subscriber there are no more at once than it asks for, which is told as {@code DEMAND_LIMITED}. To do something
     * with each outcome, do it in the handler or with {@code doOnNext}.
     */
    public Flux<Outcome> handle(Handler<T> handler) {
        return subscribing((consumption, actual) -> {
            HandleMode<T> mode = new HandleMode<>(consumption, handler, actual);
            actual.onSubscribe(mode.sink());
            return mode;
        });
    }

    /**
     * Runs the handler for several messages at once: each batch is one run and takes one slot. A batch starts when
     * it is full or has been filled for as long as the settings say. A message that cannot take part, for example
     * since a stage holds it up or it cannot be decoded, is handled alone when the others are done; a drain or a pause
     * gives it back before that. Otherwise as {@link #handle}; emits an outcome per message.
     */
    public Flux<Outcome> handleBatch(BatchSettings batch, BatchHandler<T> handler) {
        return subscribing((consumption, actual) -> {
            BatchMode<T> mode = new BatchMode<>(consumption, handler, batch, actual);
            actual.onSubscribe(mode.sink());
            return mode;
        });
    }

    /**
     * The deliveries themselves, to be settled one by one with {@link Delivery#settleBy} or through their lease:
     * {@code request(n)} is credit, and a slot is taken from hand-over to the end of the run. A delivery that
     * nobody attaches work to is not touched and runs out, unless it is kept.
     */
    public Flux<Delivery<T>> deliveries() {
        return subscribing((consumption, actual) -> {
            DeliveriesMode<T> mode = new DeliveriesMode<>(consumption, actual);
            actual.onSubscribe(mode.sink());
            return mode;
        });
    }

    /**
     * Puts a pipeline of yours between the deliveries and their settlement and emits the outcomes. When the pipeline
     * ends or is cancelled, what it was handed and nobody attached work to is released.
     */
    public Flux<Outcome> through(Function<? super Flux<Delivery<T>>, ? extends Publisher<?>> pipeline) {
        return subscribing((consumption, actual) -> {
            ThroughMode<T> mode = new ThroughMode<>(consumption, pipeline, actual);
            actual.onSubscribe(mode.sink());
            mode.connect();
            return mode;
        });
    }

    private <E> Flux<E> subscribing(BiFunction<Consumption<T>, CoreSubscriber<? super E>, Mode<T, ?>> begin) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super E> actual) {
                Consumption<T> consumption;
                try {
                    consumption = entered();
                } catch (RuntimeException refused) {
                    Operators.error(actual, refused);
                    return;
                }

                Mode<T, ?> mode;
                try {
                    mode = begin.apply(consumption, actual);
                } catch (Throwable broken) {
                    consumption.neverBegan();
                    Operators.error(actual, Exceptions.unwrap(broken));
                    FatalErrors.handOn(broken);
                    return;
                }

                consumption.open(mode);
            }
        };
    }

    /** Returns the control of this consumer's group, which pauses, drains and changes what is subscribed of it. */
    public GroupControl control() {
        return consumers.group(spec.group());
    }

    private Consumption<T> entered() {
        Dispatcher<T> dispatcher = consumers.entered(spec);
        try {
            return new Consumption<>(dispatcher, spec, consumers.memory(), consumers.letters());
        } catch (RuntimeException | Error refused) {
            dispatcher.execute(dispatcher::neverBegan);
            throw refused;
        }
    }

    // ---- settings

    /** The settings. */
    public ConsumeSettings settings() {
        return spec.settings();
    }

    /** This consumer with these settings. */
    public MessageConsumer<T> settings(ConsumeSettings settings) {
        return new MessageConsumer<>(consumers, spec.with(settings));
    }

    /** How many runs at once, orphans included; see {@link FlowSettings}. */
    public MessageConsumer<T> concurrency(int runs) {
        return with(flow().mutate().concurrency(runs).build());
    }

    /** How many deliveries beyond free slots are asked for. */
    public MessageConsumer<T> prefetch(int deliveries) {
        return with(flow().mutate().prefetch(deliveries).build());
    }

    /** How many deliveries may wait; 0 for as many as {@link #concurrency}. */
    public MessageConsumer<T> maxWaiting(int deliveries) {
        return with(flow().mutate().maxWaiting(deliveries).build());
    }

    /** How long a delivery waits for its key. */
    public MessageConsumer<T> maxLaneWait(Duration wait) {
        return with(flow().mutate().maxLaneWait(wait).build());
    }

    /** How long the broker lends a delivery, where this client creates the group. */
    public MessageConsumer<T> leaseTime(Duration time) {
        return with(hold().mutate().leaseTime(time).build());
    }

    /**
     * How long one run may hold a lease; default the smaller of 10 lease times and 10 min, which is 5 min with the
     * default lease time. A run that takes longer is cancelled and ends LOST with {@code HOLD_EXCEEDED}, which counts
     * as a failure of its message and is told as an event: where work may take longer, set more.
     */
    public MessageConsumer<T> maxHold(Duration limit) {
        return with(hold().mutate().maxHold(limit).build());
    }

    /** When leases are extended by themselves. */
    public MessageConsumer<T> touch(TouchMode mode) {
        return with(hold().mutate().touchMode(mode).build());
    }

    /** What "done" means for a settlement. */
    public MessageConsumer<T> settlement(SettlementLevel level) {
        return with(hold().mutate().level(level).build());
    }

    /** Whether naks are written or leases run out instead. */
    public MessageConsumer<T> nak(HoldSettings.NakMode mode) {
        return with(hold().mutate().nakMode(mode).build());
    }

    /** How long one try of a handler may take. */
    public MessageConsumer<T> handlerTimeout(Duration timeout) {
        return with(failures().mutate().handlerTimeout(timeout).build());
    }

    /** Tries within one delivery, under its lease. */
    public MessageConsumer<T> handlerRetry(RetryPolicy retry) {
        return with(failures().mutate().handlerRetry(retry).build());
    }

    /** The delays before a failed message is delivered again; default doubling from 1 s to 5 min. */
    public MessageConsumer<T> redelivery(Backoff backoff) {
        return with(failures().mutate().redelivery(backoff).build());
    }

    /**
     * How many failures make a dead letter, where {@link #deadLetterTo} is set; moves {@link
     * #maxUnfinishedDeliveries} along. Without a dead-letter topic a message is tried again and again, ever more
     * rarely, and each failure from this one on is told. Deliveries of which this client does not know how they ended,
     * since another process had them, count as failures: see {@link FailureSettings}.
     */
    public MessageConsumer<T> maxDeliveries(int deliveries) {
        return with(failures().mutate().maxDeliveries(deliveries).build());
    }

    /**
     * How many deliveries may start without ever finishing; beyond it a message goes to the dead-letter topic, or
     * without one is held back before each further try.
     */
    public MessageConsumer<T> maxUnfinishedDeliveries(int deliveries) {
        return with(failures().mutate().maxUnfinishedDeliveries(deliveries).build());
    }

    /** The topic of dead letters; without one, messages that fail are kept and tried again, ever more rarely. */
    public MessageConsumer<T> deadLetterTo(String topic) {
        return deadLetters(topic);
    }

    /** No dead letters, as without {@link #deadLetterTo}: the consumer of the dead letters themselves needs that. */
    public MessageConsumer<T> withoutDeadLetters() {
        return deadLetters(null);
    }

    private MessageConsumer<T> deadLetters(@Nullable String topic) {
        return with(failures().mutate().deadLetterTo(topic).build());
    }

    /**
     * Messages of one key never overlap and keep their order of arrival in this consumer; the key is the message's.
     * Each client of the group has lanes of its own: in two of them, messages of one key may run at the same time and
     * out of order. Where that matters have one consumer of the group, or one group for each part of the keys.
     */
    public MessageConsumer<T> keyed() {
        return keyed(message -> message.key().orElse(null));
    }

    /**
     * As {@link #keyed()}, by a function of topic, key and headers; null for no key. It must be cheap and not
     * block.
     */
    public MessageConsumer<T> keyed(Function<Message, @Nullable String> key) {
        return new MessageConsumer<>(consumers, spec.withKey(key));
    }

    /** Where the group begins when it is created. */
    public MessageConsumer<T> startFrom(StartPosition start) {
        return new MessageConsumer<>(consumers, spec.withStart(start));
    }

    /**
     * Has the broker delete the group, with all that waits for it, when it had no consumer for so long: for groups that
     * come and go, each of which costs the broker something until it is deleted. Default never; without meaning for a
     * group that exists.
     *
     * @param idleLimit 1 s or more; longer than restarts and disconnects may take
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> temporary(Duration idleLimit) {
        if (idleLimit.compareTo(Duration.ofSeconds(1)) < 0) {
            throw MessagingException.badSetting("temporary", idleLimit, "1 s or more");
        }
        return new MessageConsumer<>(consumers, spec.withIdleLimit(idleLimit));
    }

    /**
     * Which errors of a handler are worth another try; default all. A message that fails with another one goes to the
     * dead-letter topic at once; <b>where none is set it is terminated</b>, since this is your decision that it is of
     * no use.
     */
    public MessageConsumer<T> retryOn(Predicate<Throwable> retryable) {
        return new MessageConsumer<>(consumers, spec.withRetryable(retryable));
    }

    /**
     * Where outcomes and deliveries are signalled; default the user scheduler. {@code Schedulers.immediate()} saves
     * the hop: they are then signalled on threads of the broker and of other consumers' work, where nothing may
     * block.
     */
    public MessageConsumer<T> signalOn(Scheduler scheduler) {
        return new MessageConsumer<>(consumers, spec.withSignals(scheduler));
    }

    /**
     * Whether the log says of each message that it has failed for the first time, became a dead letter or was
     * terminated; default true. Switch it off where the subscriber of the outcomes writes them down: those lines are
     * then of level DEBUG. Events and meters stay as they are.
     */
    public MessageConsumer<T> logFailures(boolean on) {
        return said(on ? ConsumerSpec.Said.ALL : ConsumerSpec.Said.WITHOUT_FAILURES);
    }

    /** For a consumer that is a part of something else, which says itself when it begins and ends. */
    MessageConsumer<T> said(ConsumerSpec.Said what) {
        return new MessageConsumer<>(consumers, spec.withSaid(what));
    }

    private FlowSettings flow() {
        return spec.settings().flow();
    }

    private HoldSettings hold() {
        return spec.settings().hold();
    }

    private FailureSettings failures() {
        return spec.settings().failures();
    }

    private MessageConsumer<T> with(FlowSettings flow) {
        return settings(spec.settings().mutate().flow(flow).build());
    }

    private MessageConsumer<T> with(HoldSettings hold) {
        return settings(spec.settings().mutate().hold(hold).build());
    }

    private MessageConsumer<T> with(FailureSettings failures) {
        return settings(spec.settings().mutate().failures(failures).build());
    }

    @Override
    public String toString() {
        return "MessageConsumer[" + spec.filter() + ", group=" + spec.group() + "]";
    }
}
