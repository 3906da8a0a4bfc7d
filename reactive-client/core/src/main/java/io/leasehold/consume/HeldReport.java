package io.leasehold.consume;

import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.message.MessageId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A held delivery, without its body.
 *
 * @param group for whom it is held
 * @param about which message, and which delivery of it
 * @param lease the state of its lease
 * @param work where its handler stands
 */
public record HeldReport(String group, About about, Hold lease, Work work) {
    private static final int FRAMES_MAX = 64;

    /**
     * Which delivery of which message.
     *
     * @param topic the topic
     * @param id the id, if the broker told one
     * @param key the key, if it has one
     * @param deliveryCount how often the message was handed out; 0 when the broker does not know
     * @param token the fencing token as sortable text, if the broker has tokens
     */
    public record About(
            String topic,
            @Nullable String id,
            @Nullable String key,
            int deliveryCount,
            @Nullable String token) {}

    /**
     * The state of a lease.
     *
     * @param state where it stands
     * @param loss why it was lost, when it was
     * @param age how long it has been held, from the request that it came with
     * @param remaining the time left to the work deadline
     * @param touches how many touches were sent
     */
    public record Hold(LeaseState state, @Nullable LeaseLoss loss, Duration age, Duration remaining, int touches) {}

    /**
     * Where a handler stands.
     *
     * @param stage where the delivery stands
     * @param step how far its work came
     * @param tries how often its handler was called
     * @param running for how long, from the first call; zero before it
     * @param thread the thread of a blocking handler, while it is in there
     * @param trace where it is: the frames of a blocking handler's thread, the innermost first, or the operators of a
     *     reactive one
     */
    public record Work(
            DeliveryStage stage,
            Step step,
            int tries,
            Duration running,
            @Nullable String thread,
            List<String> trace) {
        /** Copies the list. */
        public Work {
            trace = List.copyOf(trace);
        }
    }

    /** How far the work on a delivery came. */
    public enum Step {
        /** It has no work yet. */
        NONE,
        /** It waits for its first call, for a stage or for its next try. */
        WAITING,
        /** A reactive handler is subscribed. */
        SUBSCRIBED,
        /** A blocking handler has a thread. */
        BLOCKING,
        /** The work has ended; what follows from that is being settled. */
        ENDED
    }

    static HeldReport of(HeldDelivery<?> delivery, DeliveryStage stage, long now) {
        FencingToken token = delivery.kept().grant().token();
        About about = new About(
                delivery.topic(),
                delivery.id().map(MessageId::value).orElse(null),
                delivery.key().orElse(null),
                delivery.deliveryCount(),
                token == null ? null : token.text());
        return new HeldReport(delivery.group(), about, holdOf(delivery.kept(), now), workOf(delivery, stage, now));
    }

    private static Hold holdOf(KeptLease lease, long now) {
        Duration remaining =
                lease.state().isOpen() ? Duration.ofNanos(Math.max(0, lease.deadlineNanos() - now)) : Duration.ZERO;
        Duration age = Duration.ofNanos(Math.max(0, now - lease.grant().anchorNanos()));
        return new Hold(lease.state(), lease.lossOrNull(), age, remaining, lease.touches());
    }

    private static Work workOf(HeldDelivery<?> delivery, DeliveryStage stage, long now) {
        KeptLease lease = delivery.kept();
        Duration running =
                lease.hasStarted() ? Duration.ofNanos(Math.max(0, now - lease.startedNanos())) : Duration.ZERO;
        Run<?> run = delivery.runOrNull();
        if (run == null) {
            return new Work(stage, Step.NONE, 0, running, null, List.of());
        }

        Thread thread = run.thread();
        if (thread != null) {
            List<String> frames = framesOf(thread, run);
            return new Work(stage, Step.BLOCKING, run.tries(), running, thread.getName(), frames);
        }

        return new Work(stage, stepOf(run), run.tries(), running, null, run.operators());
    }

    private static Step stepOf(Run<?> run) {
        if (run.isIdle()) {
            return run.ending() == null ? Step.WAITING : Step.ENDED;
        }
        return run.operators().isEmpty() ? Step.WAITING : Step.SUBSCRIBED;
    }

    // By the time the frames are taken the thread may have left and be at somebody else's work.
    private static List<String> framesOf(Thread thread, Run<?> run) {
        List<String> frames = Stream.of(thread.getStackTrace())
                .limit(FRAMES_MAX)
                .map(StackTraceElement::toString)
                .toList();
        return run.thread() == thread ? frames : List.of();
    }
}
