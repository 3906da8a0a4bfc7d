package io.leasehold.consume;

import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.Topic;
import io.leasehold.pace.FatalErrors;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Says what failures mean for the messages of one subscription: how many it takes for a dead letter, which ones are
 * tried again and how much later, and where letters go. Safe for use by many threads.
 */
final class FailureRules {
    private final ConsumeContext client;
    private final ConsumerSpec<?> spec;
    private final RedeliveryMemory memory;
    private final DeliveryReports reports;
    private final GivenUpLetters givenUp;
    private final int silentDeliveriesMax;
    private volatile long groupBegunNanos = Long.MIN_VALUE;
    private volatile FailureSettings settings;
    private volatile @Nullable DeadLetters letters;

    /**
     * Makes the rules that the settings of a consumer state.
     *
     * @throws MessagingException {@link ErrorCode#TOPIC_LOOP}
     */
    FailureRules(
            ConsumeContext client,
            ConsumerSpec<?> spec,
            FailureSettings settings,
            RedeliveryMemory memory,
            GivenUpLetters givenUp,
            DeliveryReports reports) {
        this.client = client;
        this.spec = spec;
        this.memory = memory;
        this.givenUp = givenUp;
        this.reports = reports;
        this.silentDeliveriesMax = silentDeliveriesMax(client.session().capabilities());
        this.settings = settings;
        this.letters = lettersOf(settings);
    }

    private static int silentDeliveriesMax(Capabilities can) {
        return can.tellsGivenUp() ? Capabilities.DELIVERIES_UNLIMITED : can.deliveriesMax();
    }

    private @Nullable DeadLetters lettersOf(FailureSettings failures) {
        String topic = failures.deadLetterTo();
        if (topic == null) {
            return null;
        }

        refuseLoop(topic);
        return new DeadLetters(topic, spec.group(), client, reports.ofFailures(), this::owe, failures.redelivery());
    }

    private void refuseLoop(String topic) {
        if (spec.filter().matches(Topic.require(topic))) {
            throw new MessagingException(
                    ErrorCode.TOPIC_LOOP,
                    "the dead-letter topic " + topic + " matches the consumer's own filter " + spec.filter(),
                    spec.group(),
                    "choose a dead-letter topic outside the filter");
        }
    }

    /**
     * Has other settings hold from now on. Gives what is left to be done for them.
     *
     * @throws MessagingException {@link ErrorCode#TOPIC_LOOP}
     */
    Mono<Void> apply(FailureSettings next, BrokerSession session) {
        String before = settings.deadLetterTo();
        letters = lettersOf(next);
        settings = next;
        return Objects.equals(before, next.deadLetterTo()) ? Mono.empty() : declared(session);
    }

    /** Has the broker keep what goes to the dead-letter topic, if there is one. */
    Mono<Void> declared(BrokerSession session) {
        DeadLetters present = letters;
        return present == null ? Mono.empty() : present.declared(session);
    }

    FailureSettings settings() {
        return settings;
    }

    /** Gives whoever writes dead letters; null where there is no topic for them. */
    @Nullable
    DeadLetters letters() {
        return letters;
    }

    // ---- before a run

    /**
     * Errors when the message must not be worked on now: a dead letter is owed for it, or it was delivered so often,
     * and never finished, that it must kill its workers. Without a dead-letter topic the latter is held back once
     * before each try.
     */
    void requireWorthy(Handout handout, KeptLease lease) {
        RedeliveryMemory.Known known = memory.of(spec.group(), handout);
        boolean written = letters != null;
        ErrorCode owed = known.owed();
        if (owed != null && written) {
            throw owedError(owed, handout, lease);
        }

        boolean mayTry = !written && known.heldBack();
        if (!mayTry && known.unfinished(handout) >= settings.maxUnfinishedDeliveries()) {
            throw new MessagingException(
                    ErrorCode.NEVER_FINISHED,
                    "delivered " + handout.deliveryCount() + " times and never finished",
                    spec.group() + ", " + handout.message(),
                    "find out why its handler never ends or kills its process; deadLetterTo takes it out of the way");
        }
    }

    private MessagingException owedError(ErrorCode owed, Handout handout, KeptLease lease) {
        return switch (owed) {
            case HOLD_EXCEEDED -> Ending.holdError(lease);
            case HANDLER_TIMEOUT -> timeoutError();
            default ->
                new MessagingException(
                        owed,
                        "a dead letter is owed for the message",
                        spec.group() + ", " + handout.message(),
                        "see to it that the dead-letter topic can be published to");
        };
    }

    // ---- when one has failed

    /** Tells whether the message is not to be run any more, but to become a dead letter. */
    boolean isOwed(Handout handout) {
        return letters != null && memory.of(spec.group(), handout).owed() != null;
    }

    /** Tells whether a message that has failed so often is not tried again where there is a dead-letter topic. */
    boolean isEnough(int failures) {
        return failures >= settings.maxDeliveries();
    }

    /**
     * Tells whether the broker drops the message when this delivery does not settle it, and tells nobody. It counts
     * all deliveries, also those that were undone or lost.
     */
    boolean isLast(Handout handout) {
        return handout.deliveryCount() >= silentDeliveriesMax;
    }

    /** Tells whether an error of a handler is worth another try, also when the user's own answer to that throws. */
    boolean isRetryable(Throwable error) {
        try {
            return spec.retryable().test(error);
        } catch (Throwable thrown) {
            reports.fault(thrown);
            FatalErrors.handOn(thrown);
            return true;
        }
    }

    /** Counts the failed deliveries of a message, the present one included. */
    int failures(Handout handout) {
        return memory.failures(spec.group(), handout);
    }

    /** Tells whether no failure of a message is known of. */
    boolean hasNotFailed(Handout handout) {
        return memory.of(spec.group(), handout).failed() == 0;
    }

    /** Gives the pause before the next delivery after so many, longer with each. */
    long pauseNanos(int deliveries) {
        return settings.redelivery().delayNanos(Math.max(1, deliveries), client.random());
    }

    MessagingException timeoutError() {
        return new MessagingException(
                ErrorCode.HANDLER_TIMEOUT,
                "the handler did not end within " + settings.handlerTimeout(),
                spec.group(),
                "raise handlerTimeout, or make the handler faster");
    }

    /** Has a later delivery of the message become a dead letter, without running. */
    void owe(Handout handout, ErrorCode why) {
        if (isOfThisLife(handout)) {
            memory.owe(spec.group(), handout, why);
        }
    }

    // ---- after a delivery

    /** Remembers how a delivery has ended that had a slot. */
    void ended(KeptLease lease, Outcome outcome) {
        Handout handout = (Handout) lease.grant();
        if (isLast(handout) && isUnsettled(outcome, lease)) {
            dropped(handout);
            return;
        }

        switch (outcome.kind()) {
            case ACKED, TERMINATED, DEAD_LETTERED -> forget(handout);
            case NAKED -> note(handout, ofNak(outcome));
            case RELEASED ->
                note(
                        handout,
                        lease.hasStarted() ? RedeliveryMemory.Known::oneUndone : RedeliveryMemory.Known::oneReleased);
            case LOST -> lost(handout, outcome.loss());
            case UNKNOWN -> {
                boolean failed = outcome.error() != null;
                note(handout, failed ? RedeliveryMemory.Known::oneFailed : RedeliveryMemory.Known::oneLost);
            }
        }
    }

    // Whether the broker has not been told, and not told us, that it is done with the message. An ack of which nobody
    // knows whether it arrived is for work that is done.
    private static boolean isUnsettled(Outcome outcome, KeptLease lease) {
        return switch (outcome.kind()) {
            case ACKED, TERMINATED, DEAD_LETTERED -> false;
            case NAKED, RELEASED -> true;
            case LOST -> outcome.loss() == null || comesAgain(outcome.loss());
            case UNKNOWN -> lease.decidedOrNull() == SettleVerb.NAK;
        };
    }

    private static boolean comesAgain(LeaseLoss loss) {
        return switch (loss) {
            case EXPIRED, CONNECTION_LOST, REVOKED, MAX_HOLD, RUN_OUT, CLOSED -> true;
            case SUPERSEDED, SETTLED_ELSEWHERE, MESSAGE_DELETED, GROUP_GONE -> false;
        };
    }

    private void dropped(Handout handout) {
        forget(handout);
        givenUp(handout.ref(), handout.message(), handout.deliveryCount());
    }

    private static UnaryOperator<RedeliveryMemory.Known> ofNak(Outcome outcome) {
        if (outcome.code() == ErrorCode.NEVER_FINISHED) {
            return RedeliveryMemory.Known::oneHeldBack;
        }
        boolean refused = outcome.error() instanceof StageRefusedException;
        return refused ? RedeliveryMemory.Known::oneUndone : RedeliveryMemory.Known::oneFailed;
    }

    private void lost(Handout handout, @Nullable LeaseLoss loss) {
        if (loss != LeaseLoss.MAX_HOLD) {
            note(handout, RedeliveryMemory.Known::oneLost);
            return;
        }

        boolean enough = isEnough(failures(handout));
        note(handout, RedeliveryMemory.Known::oneFailed);
        if (enough) {
            owe(handout, ErrorCode.HOLD_EXCEEDED);
        }
    }

    /** Remembers that a delivery was given back without having had a slot. */
    void released(Handout handout) {
        if (isLast(handout)) {
            dropped(handout);
            return;
        }
        note(handout, RedeliveryMemory.Known::oneReleased);
    }

    /** Hears that the lease of a delivery has ended before that got a slot. */
    void lostWhileWaiting(KeptLease lease) {
        Handout handout = (Handout) lease.grant();
        LeaseLoss loss = lease.lossOrNull();
        if (isLast(handout) && loss != null && comesAgain(loss)) {
            dropped(handout);
        }
    }

    private void note(Handout handout, UnaryOperator<RedeliveryMemory.Known> how) {
        if (isOfThisLife(handout)) {
            memory.note(spec.group(), handout, how);
        }
    }

    private void forget(Handout handout) {
        if (isOfThisLife(handout)) {
            memory.forget(spec.group(), handout);
        }
    }

    // Not every broker's tokens tell. What was asked for before the end of a group was heard of came from that group.
    private boolean isOfThisLife(Handout handout) {
        return handout.anchorNanos() >= groupBegunNanos;
    }

    /**
     * Hears that the group has ended, and is made anew: nothing is known of its messages, and what becomes of
     * deliveries that came before says nothing about them.
     */
    void groupEnded() {
        groupBegunNanos = client.now();
        memory.forget(spec.group());
    }

    /** Writes the letter of a message that the broker itself gives up, if letters are written; else tells it. */
    void givenUp(Object ref, Message message, int deliveries) {
        DeadLetters present = letters;
        String subject = spec.group() + "/" + message.topic();

        if (present == null) {
            Map<String, Object> facts =
                    Map.of("id", message.id().map(MessageId::value).orElse(""), "deliveryCount", deliveries);
            reports.event(new MessagingEvent(MessagingEvent.Kind.TERMINATED, subject, ErrorCode.NEVER_FINISHED, facts));
        } else if (!givenUp.publish(present.sendGivenUp(ref, message, deliveries, givenUp))) {
            reports.event(MessagingEvent.of(
                    MessagingEvent.Kind.DEAD_LETTER_FAILED,
                    subject,
                    ErrorCode.DEAD_LETTER_FAILED,
                    "the broker has given up on a message, and " + GivenUpLetters.MAX + " letters of such wait already",
                    "see to it that the dead-letter topic can be published to; look for the message in its stream"));
        }
    }
}
