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
     * before it is subscribed; a run starts against one unit of demand; cancelling cancels all runs and releases their
     * messages. Outcomes are signalled on the user scheduler.
     *
     * <p>Demand bounds the runs as {@link #concurrency} does: behind {@code concatMap}, {@code limitRate} or a slow
     * subscriber there are no more at once than it asks for, which is told as {@code DEMAND_LIMITED}. To do something
     * with each outcome, do it in the handler or with {@code doOnNext}.
     *
     * @param handler what is done with a delivery: called and subscribed on the user scheduler, cancelled when the
     *     lease is lost
     * @return lazy and repeatable, one subscription of a group at a time; errors as the class says
     */
    public Flux<Outcome> handle(Handler<T> handler) {
        return subscribing((consumption, actual) -> {
            HandleMode<T> mode = new HandleMode<>(consumption, handler, actual);
            actual.onSubscribe(mode.sink());
            return mode;
        });
    }

    /**
     * Runs the handler for several messages at once: each batch is one run and takes one slot. A batch starts when it
     * is full or has been filled for as long as the settings say. A message that cannot take part, for example since a
     * stage holds it up or it cannot be decoded, is handled alone when the others are done; a drain or a pause gives
     * it back before that. Otherwise as {@link #handle}.
     *
     * @param batch how large a batch is, and how long it is filled
     * @param handler what is done with a batch
     * @return an outcome per message; lazy and repeatable, one subscription of a group at a time; errors as the class
     *     says
     */
    public Flux<Outcome> handleBatch(BatchSettings batch, BatchHandler<T> handler) {
        return subscribing((consumption, actual) -> {
            BatchMode<T> mode = new BatchMode<>(consumption, handler, batch, actual);
            actual.onSubscribe(mode.sink());
            return mode;
        });
    }

    /**
     * Emits the deliveries themselves, to be settled one by one with {@link Delivery#settleBy} or through their lease:
     * {@code request(n)} is credit, and a slot is taken from hand-over to the end of the run. A delivery that nobody
     * attaches work to is not touched and runs out, unless it is kept.
     *
     * @return lazy and repeatable, one subscription of a group at a time; errors as the class says
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
     *
     * @param pipeline what the deliveries flow through; called once for each subscription
     * @return lazy and repeatable, one subscription of a group at a time; errors as the class says
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

    /**
     * Returns the settings of this consumer: those of its group while it is subscribed, unless {@link
     * GroupControl#apply} has changed them.
     */
    public ConsumeSettings settings() {
        return spec.settings();
    }

    /**
     * Returns a consumer with other settings, in the place of all that was set before. What else is chosen on a
     * consumer (its key, start, scheduler, predicate of errors) stays.
     */
    public MessageConsumer<T> settings(ConsumeSettings settings) {
        return new MessageConsumer<>(consumers, spec.with(settings));
    }

    /**
     * Sets how many runs there are at once, orphans included; 1 to {@value FlowSettings#CONCURRENCY_MAX}, default 64.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> concurrency(int runs) {
        return with(flow().mutate().concurrency(runs).build());
    }

    /**
     * Sets how many deliveries beyond free slots are asked for; 0 to {@value FlowSettings#CONCURRENCY_MAX}, default 0.
     * They wait in this client while their lease runs.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> prefetch(int deliveries) {
        return with(flow().mutate().prefetch(deliveries).build());
    }

    /**
     * Sets how many deliveries may wait for their key, their slot or a run before them; 0 to {@value
     * FlowSettings#CONCURRENCY_MAX}, default 0: as many as {@link #concurrency}.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> maxWaiting(int deliveries) {
        return with(flow().mutate().maxWaiting(deliveries).build());
    }

    /**
     * Sets how long a delivery waits for its key before it is given back; positive, default {@link #maxHold}.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> maxLaneWait(Duration wait) {
        return with(flow().mutate().maxLaneWait(wait).build());
    }

    /**
     * Sets how long the broker lends a delivery, where this client creates the group; positive, at most 100 days,
     * default 30 s. A time that leaves no room for work on the broker ends the subscription with {@code
     * LEASE_TIME_TOO_SHORT}.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> leaseTime(Duration time) {
        return with(hold().mutate().leaseTime(time).build());
    }

    /**
     * Sets how long one run may hold a lease; positive, default the smaller of 10 lease times and 10 min, which is 5
     * min with the default lease time. A run that takes longer is cancelled and ends LOST with {@code HOLD_EXCEEDED},
     * which counts as a failure of its message and is told as an event: where work may take longer, set more.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> maxHold(Duration limit) {
        return with(hold().mutate().maxHold(limit).build());
    }

    /**
     * Sets when leases are extended by themselves; default {@link TouchMode#AUTO}: while work goes on.
     */
    public MessageConsumer<T> touch(TouchMode mode) {
        return with(hold().mutate().touchMode(mode).build());
    }

    /**
     * Sets what "done" means for a settlement; default {@link SettlementLevel#CONFIRMED}: when the broker has
     * answered.
     */
    public MessageConsumer<T> settlement(SettlementLevel level) {
        return with(hold().mutate().level(level).build());
    }

    /**
     * Sets whether naks are written or leases run out instead; default {@link HoldSettings.NakMode#WRITE}.
     */
    public MessageConsumer<T> nak(HoldSettings.NakMode mode) {
        return with(hold().mutate().nakMode(mode).build());
    }

    /**
     * Sets how long one try of a handler may take; positive, default no limit but {@link #maxHold}. A try that takes
     * longer is cancelled and fails with {@code HANDLER_TIMEOUT}.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> handlerTimeout(Duration timeout) {
        return with(failures().mutate().handlerTimeout(timeout).build());
    }

    /**
     * Sets how often a handler that failed is tried again within one delivery, under its lease; default never.
     */
    public MessageConsumer<T> handlerRetry(RetryPolicy retry) {
        return with(failures().mutate().handlerRetry(retry).build());
    }

    /**
     * Sets the delays before a failed message is delivered again; default doubling from 1 s to 5 min, each a fifth
     * longer or shorter.
     */
    public MessageConsumer<T> redelivery(Backoff backoff) {
        return with(failures().mutate().redelivery(backoff).build());
    }

    /**
     * Sets how many failures make a dead letter, where {@link #deadLetterTo} is set; 1 or more, default 5. Moves
     * {@link #maxUnfinishedDeliveries} along. Without a dead-letter topic a message is tried again and again, ever
     * more rarely, and each failure from this one on is told. Deliveries of which this client does not know how they
     * ended, since another process had them, count as failures: see {@link FailureSettings}.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> maxDeliveries(int deliveries) {
        return with(failures().mutate().maxDeliveries(deliveries).build());
    }

    /**
     * Sets how many deliveries may start without ever finishing, as those do that end their process; at least {@link
     * #maxDeliveries}, default 50 more. Beyond it a message goes to the dead-letter topic, or without one is held back
     * before each further try.
     *
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> maxUnfinishedDeliveries(int deliveries) {
        return with(failures().mutate().maxUnfinishedDeliveries(deliveries).build());
    }

    /**
     * Sets the topic of dead letters; default none: messages that fail are kept and tried again, ever more rarely. A
     * topic that this consumer's own filter covers ends the subscription with {@code TOPIC_LOOP}.
     *
     * @throws MessagingException {@code BAD_TOPIC}
     */
    public MessageConsumer<T> deadLetterTo(String topic) {
        return deadLetters(topic);
    }

    /**
     * Sets that there is no topic of dead letters, which is the default: the consumer of the dead letters themselves
     * needs that.
     */
    public MessageConsumer<T> withoutDeadLetters() {
        return deadLetters(null);
    }

    private MessageConsumer<T> deadLetters(@Nullable String topic) {
        return with(failures().mutate().deadLetterTo(topic).build());
    }

    /**
     * Has messages of one key never overlap and keep their order of arrival in this consumer, by the key of the
     * message; default no order. Each client of the group has lanes of its own: in two of them, messages of one key
     * may run at the same time and out of order. Where that matters have one consumer of the group, or one group for
     * each part of the keys.
     */
    public MessageConsumer<T> keyed() {
        return keyed(message -> message.key().orElse(null));
    }

    /**
     * Has messages of one key never overlap and keep their order, as {@link #keyed()}, by a function of topic, key and
     * headers.
     *
     * @param key gives the key of a message, null for none; called where messages arrive, so it must be cheap and not
     *     block
     */
    public MessageConsumer<T> keyed(Function<Message, @Nullable String> key) {
        return new MessageConsumer<>(consumers, spec.withKey(key));
    }

    /**
     * Sets where the group begins when it is created; default {@link StartPosition#EARLIEST}. Without meaning for a
     * group that exists. A position that the broker cannot begin at ends the subscription with {@code UNSUPPORTED}.
     */
    public MessageConsumer<T> startFrom(StartPosition start) {
        return new MessageConsumer<>(consumers, spec.withStart(start));
    }

    /**
     * Has the broker delete the group, with all that waits for it, when it had no consumer for so long: for groups
     * that come and go, each of which costs the broker something until it is deleted. Default never; without meaning
     * for a group that exists.
     *
     * @param idleLimit 1 s or more; longer than restarts and disconnects may take
     * @throws MessagingException {@code BAD_SETTING}
     */
    public MessageConsumer<T> temporary(Duration idleLimit) {
        if (idleLimit.compareTo(Duration.ofSeconds(1)) < 0) {
            throw MessagingException.badSetting("temporary", idleLimit, "1 s or more");
        }
        return new MessageConsumer<>(consumers, spec.withIdleLimit(idleLimit));
    }

    /**
     * Sets which errors of a handler are worth another try; default all. A message that fails with another one goes to
     * the dead-letter topic at once; <b>where none is set it is terminated</b>, since this is your decision that it is
     * of no use.
     */
    public MessageConsumer<T> retryOn(Predicate<Throwable> retryable) {
        return new MessageConsumer<>(consumers, spec.withRetryable(retryable));
    }

    /**
     * Sets where outcomes and deliveries are signalled; default the user scheduler. {@code Schedulers.immediate()}
     * saves the hop: they are then signalled on threads of the broker and of other consumers' work, where nothing may
     * block. A scheduler that takes no task is told as {@code SCHEDULER_REJECTED}.
     */
    public MessageConsumer<T> signalOn(Scheduler scheduler) {
        return new MessageConsumer<>(consumers, spec.withSignals(scheduler));
    }

    /**
     * Sets whether the log says of each message that it has failed for the first time, became a dead letter or was
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
