package io.leasehold.consume;

import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.ApartScheduler;
import io.leasehold.event.Recorder;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.lease.keeper.LeaseOwner;
import io.leasehold.lease.keeper.LeasePolicy;
import io.leasehold.message.Codec;
import io.leasehold.message.CodecUnavailableException;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Topic;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.Span;
import io.leasehold.pace.TaskLoops;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What the deliveries and runs of one subscription need: settings, codec, clock, schedulers, dead letters. */
final class RunEnvironment<T> {
    private static final int CAUSES_MAX = 32;

    private final ConsumeContext context;
    private final ConsumerSpec<T> spec;
    private final Codec<T> codec;
    private final LeaseTermsSource terms;
    private final Remembered remembered;
    private final @Nullable TaskLoops signals;
    private final BlockingThreads blocking;
    private volatile ConsumeSettings settings;
    private volatile LeasePolicy policy;
    private volatile @Nullable DeadLetters deadLetters;

    RunEnvironment(ConsumeContext context, ConsumerSpec<T> spec, Remembered remembered) {
        this.context = context;
        this.remembered = remembered;
        this.spec = spec;
        this.signals = signalsOn(spec.signals());
        this.settings = fitted(spec.settings());
        this.blocking =
                new BlockingThreads(spec.group(), () -> settings().flow().concurrency());
        this.policy = settings.hold().policy();
        this.codec = context.codecs().require(spec.type());
        this.terms = new LeaseTermsSource(context.session());
        this.terms.requireRoom(settings.hold().leaseTime());
        this.deadLetters = deadLettersOf(settings.failures());
        context.session().capabilities().require(groupSpec());
    }

    /** The settings that are in force for some wishes on this broker. */
    ConsumeSettings fitted(ConsumeSettings wished) {
        return new BrokerFit(context.session().capabilities(), name(), context.recorder()::event).of(wished);
    }

    private @Nullable TaskLoops signalsOn(@Nullable Scheduler chosen) {
        if (chosen == null) {
            return context.users();
        }
        if (chosen == Schedulers.immediate()) {
            return null;
        }
        String setting = "MessageConsumer.signalOn, group " + spec.group();
        return new TaskLoops(ApartScheduler.of(chosen, context.apart()), setting, 1, context.recorder()::fault);
    }

    /**
     * Other settings hold from now on; what is under way goes on with what it began with. Gives what is left to be
     * done for them.
     */
    Mono<Void> apply(ConsumeSettings next) {
        String before = settings.failures().deadLetterTo();
        deadLetters = deadLettersOf(next.failures());
        policy = next.hold().policy();
        settings = next;
        return Objects.equals(before, next.failures().deadLetterTo()) ? Mono.empty() : declared();
    }

    /** Has the broker keep what goes to the dead-letter topic, if there is one. */
    Mono<Void> declared() {
        DeadLetters letters = deadLetters;
        return letters == null ? Mono.empty() : letters.declared(context.session());
    }

    Remembered remembered() {
        return remembered;
    }

    /** What the log says of it. */
    ConsumerSpec.Said said() {
        return spec.said();
    }

    String name() {
        return spec.group();
    }

    GroupSpec groupSpec() {
        return new GroupSpec(spec.group(), spec.filter(), settings.hold().leaseTime(), spec.start(), spec.idleLimit());
    }

    /** What holds for this subscription, for whoever reads logs. */
    Map<String, Object> inForce(Duration leaseTime) {
        FlowSettings flow = settings.flow();
        HoldSettings hold = settings.hold();
        FailureSettings failures = settings.failures();
        String letters = failures.deadLetterTo();
        return Map.of(
                "filter", filter(),
                "leaseTime", leaseTime,
                "maxHold", Duration.ofNanos(hold.policy().maxHoldNanos()),
                "touch", hold.touchMode(),
                "concurrency", flow.concurrency(),
                "keyed", spec.key() != null,
                "maxDeliveries", failures.maxDeliveries(),
                "deadLetters", letters == null ? "none" : letters);
    }

    long budgetNanos() {
        return terms.budgetNanos(settings.hold().leaseTime());
    }

    private void refuseLoop(@Nullable String topic) {
        if (topic != null && spec.filter().matches(Topic.require(topic))) {
            throw new MessagingException(
                    ErrorCode.TOPIC_LOOP,
                    "the dead-letter topic " + topic + " matches the consumer's own filter " + spec.filter(),
                    name(),
                    "choose a dead-letter topic outside the filter");
        }
    }

    private @Nullable DeadLetters deadLettersOf(FailureSettings failures) {
        String topic = failures.deadLetterTo();
        refuseLoop(topic);
        return topic == null
                ? null
                : new DeadLetters(topic, spec.group(), context.publisher(), context.recorder(), failures.redelivery());
    }

    String group() {
        return spec.group();
    }

    String filter() {
        return spec.filter().toString();
    }

    ConsumeSettings settings() {
        return settings;
    }

    Recorder recorder() {
        return context.recorder();
    }

    List<ConsumeStage> stages() {
        return context.stages();
    }

    @Nullable
    DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Writes the letter of a message that the broker itself has given up, if letters are written. */
    Mono<PublishReceipt> givenUp(Object ref, Message message, int deliveries) {
        DeadLetters letters = deadLetters;
        return letters == null ? Mono.empty() : letters.sendGivenUp(ref, message, deliveries, time());
    }

    /** The subscription has ended: gives back what it holds of a scheduler; what is still to be signalled is. */
    void end() {
        TaskLoops loops = signals;
        if (loops != null && loops != context.users()) {
            loops.dispose();
        }
    }

    /** Where elements are signalled; null for the thread that emits. */
    @Nullable
    TaskLoops signals() {
        return signals;
    }

    Scheduler time() {
        return context.time();
    }

    long now() {
        return context.keeper().ticker().nanos();
    }

    /** A number in [0, 1) that a replay with the same clock repeats. */
    double random() {
        long mixed = (now() ^ (now() >>> 33)) * 0xff51afd7ed558ccdL;
        return ((mixed ^ (mixed >>> 29)) >>> 11) * 0x1.0p-53;
    }

    KeptLease prepare(Handout handout, LeaseOwner owner) {
        return context.keeper().prepare(handout, terms.of(handout.leaseTime()), policy, owner);
    }

    void keep(KeptLease lease) {
        context.keeper().keep(lease);
    }

    void execute(Runnable task) {
        context.users().execute(task);
    }

    void onUserThread(Runnable task) {
        context.users().execute(task);
    }

    /** Where blocking handlers run. */
    BlockingThreads blocking() {
        return blocking;
    }

    void runCancel(Runnable cancel) {
        context.keeper().cancels().execute(cancel);
    }

    /** The body of a message; null only where the type takes null. */
    @Nullable
    T decode(Message message) {
        boolean nullable = spec.type().isNullable();
        if (nullable && message.sizeBytes() == 0) {
            return null;
        }
        try {
            T value = codec.decode(message);
            if (value == null && !nullable) {
                throw new NullPointerException("the codec says null, and the type does not take it");
            }
            return value;
        } catch (Throwable thrown) {
            FatalErrors.handOn(thrown);
            throw undecoded(message, thrown);
        }
    }

    private MessagingException undecoded(Message message, Throwable thrown) {
        boolean passes = mayPass(thrown);
        return new MessagingException(
                passes ? ErrorCode.CODEC_UNAVAILABLE : ErrorCode.DECODE_FAILED,
                "a body could not be decoded" + (passes ? " now: " : ": ") + Ending.textOf(thrown),
                name() + ", " + message,
                passes
                        ? "see to it that the codec has what it needs"
                        : "look at the dead letter, or fix the codec of " + spec.type(),
                thrown);
    }

    // Memory and missing classes are troubles of this process. A stack that overflows is one of the body: it is nested
    // too deeply; and an assertion is one of the codec.
    private static boolean mayPass(Throwable thrown) {
        if (thrown instanceof Error) {
            return !(thrown instanceof AssertionError) && !(thrown instanceof StackOverflowError);
        }
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof CodecUnavailableException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The key of a delivery's lane; a key function that throws fails the delivery, not the consumer. */
    @Nullable
    String keyOf(HeldDelivery<T> delivery) {
        if (spec.key() == null) {
            return null;
        }
        try {
            return spec.key().apply(delivery.message());
        } catch (Throwable thrown) {
            delivery.unfit(thrown);
            return null;
        }
    }

    boolean isRetryable(Throwable error) {
        try {
            return spec.retryable().test(error);
        } catch (Throwable thrown) {
            context.recorder().fault(thrown);
            FatalErrors.handOn(thrown);
            return true;
        }
    }

    /**
     * Errors when the message must not be worked on now: a dead letter is owed for it, or it was delivered so often,
     * and never finished, that it must kill its workers. Without a dead-letter topic the latter is held back once
     * before each try.
     */
    void requireWorthy(HeldDelivery<T> delivery) {
        Remembered.Known known = remembered.of(delivery);
        boolean letters = deadLetters != null;
        ErrorCode owed = known.owed();
        if (owed != null && letters) {
            throw switch (owed) {
                case HOLD_EXCEEDED -> delivery.holdError();
                case HANDLER_TIMEOUT -> delivery.timeoutError();
                default -> owedError(owed, delivery);
            };
        }
        boolean mayTry = !letters && known.heldBack();
        if (!mayTry && remembered.unfinished(delivery) >= settings.failures().maxUnfinishedDeliveries()) {
            throw new MessagingException(
                    ErrorCode.NEVER_FINISHED,
                    "delivered " + delivery.deliveryCount() + " times and never finished",
                    name() + ", " + delivery.message(),
                    "find out why its handler never ends or kills its process; deadLetterTo takes it out of the way");
        }
    }

    /** Whether the message is not to be run any more, but to become a dead letter. */
    boolean isOwed(HeldDelivery<T> delivery) {
        return deadLetters != null && remembered.of(delivery).owed() != null;
    }

    private MessagingException owedError(ErrorCode owed, HeldDelivery<T> delivery) {
        return new MessagingException(
                owed,
                "a dead letter is owed for the message",
                name() + ", " + delivery.message(),
                "see to it that the dead-letter topic can be published to");
    }

    /** Whether a message that has failed so often is not tried again where there is a dead-letter topic. */
    boolean isEnough(int failures) {
        return failures >= settings.failures().maxDeliveries();
    }

    long laneWaitNanos() {
        Duration wait = settings.flow().maxLaneWait();
        return wait == null ? Math.min(policy.maxHoldNanos(), Span.nanos(Span.LONGEST)) : Span.nanos(wait);
    }

    Mono<PublishReceipt> publish(HeldDelivery<T> delivery, Message derived, @Nullable String derivedName) {
        return Mono.defer(() -> {
            Run<T> run = delivery.runOrNull();
            if (run == null) {
                return Mono.error(noRun());
            }
            Message encoded = encoded(derived);
            Message identified = encoded.id(run.derivedId(encoded, derivedName));
            return delivery.lease()
                    .track(context.publisher().gated(delivery.kept()::mayWork).publish(identified))
                    .next();
        });
    }

    private Message encoded(Message derived) {
        try {
            return context.codecs().encoded(derived);
        } catch (MessagingException failed) {
            FatalErrors.handOn(failed.getCause() == null ? failed : failed.getCause());
            throw failed;
        }
    }

    private MessagingException noRun() {
        return new MessagingException(
                ErrorCode.LEASE_LOST,
                "a delivery publishes as a part of its run, and no work is attached to it",
                name(),
                "publish within a handler or settleBy, or through the client");
    }
}
