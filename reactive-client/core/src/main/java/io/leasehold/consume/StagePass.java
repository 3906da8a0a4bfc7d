package io.leasehold.consume;

import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.message.Message;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.StageAnswer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * The way of one run through the stages: how far it came, and what each of them keeps of it. Whoever takes {@code
 * entered} back to 0 tells the stages the end, so that each is told once, whichever side sees the end first.
 */
final class StagePass implements ConsumeView {
    private static final AtomicIntegerFieldUpdater<StagePass> ENTERED =
            AtomicIntegerFieldUpdater.newUpdater(StagePass.class, "entered");
    private static final StageAnswer BROKEN = StageAnswer.refuse(ErrorCode.STAGE_REFUSED);

    private final Stages stages;
    private final long[] states;
    private @Nullable Handout delivery;
    private @Nullable Ending ending;
    private Context added = Context.empty();
    private volatile int entered;
    private volatile boolean passed;
    private int current;
    private long deferNanos;

    private StagePass(Stages stages) {
        this.stages = stages;
        this.states = new long[stages.all().size()];
        this.passed = states.length == 0;
    }

    /**
     * The stages of one subscription, in order.
     *
     * @param open lets every run pass; null where there are stages
     */
    record Stages(
            List<ConsumeStage> all,
            Recorder recorder,
            String group,
            String filter,
            @Nullable StagePass open) {
        static Stages of(List<ConsumeStage> all, Recorder recorder, String group, String filter) {
            Stages stages = new Stages(all, recorder, group, filter, null);
            return all.isEmpty() ? new Stages(all, recorder, group, filter, new StagePass(stages)) : stages;
        }

        /** Begins the way of one run. */
        StagePass pass() {
            StagePass free = open;
            return free == null ? new StagePass(this) : free;
        }
    }

    /**
     * Enters the stages that were not entered yet; true when all let it proceed.
     *
     * @throws StageRefusedException when one refused
     */
    boolean pass(Handout present, long now) {
        if (passed) {
            return true;
        }

        deferNanos = 0;
        delivery = present;
        List<ConsumeStage> all = stages.all();
        for (int stage = entered; stage < all.size(); stage++) {
            current = stage;
            StageAnswer answer = ask(all.get(stage), now);
            ErrorCode refusal = answer.code();
            if (refusal != null) {
                throw new StageRefusedException(refusal, present.message().topic());
            }
            if (!answer.isProceed()) {
                deferNanos = answer.delayNanos();
                return false;
            }
            entered = stage + 1;
        }

        if (!addContext()) {
            throw new StageRefusedException(
                    ErrorCode.STAGE_REFUSED, present.message().topic());
        }
        passed = true;
        return true;
    }

    /** Says in how many nanoseconds the stages are to be asked again; 0 when none has asked for a delay. */
    long deferNanos() {
        return deferNanos;
    }

    private StageAnswer ask(ConsumeStage stage, long now) {
        try {
            return Objects.requireNonNull(stage.enter(this, now), "a stage gave no answer");
        } catch (Throwable fault) {
            report(stage, fault);
            return BROKEN;
        }
    }

    // No work without what all stages add: a tenant, credentials.
    private boolean addContext() {
        Context given = Context.empty();
        for (int stage = 0; stage < stages.all().size(); stage++) {
            current = stage;
            ConsumeStage adding = stages.all().get(stage);
            try {
                given = Objects.requireNonNull(adding.context(this, given), "a stage gave no context");
            } catch (Throwable fault) {
                report(adding, fault);
                return false;
            }
        }

        added = given;
        return true;
    }

    /** Adds to a context what the stages add. */
    Context addTo(Context context) {
        return added.isEmpty() ? context : context.putAll(added.readOnly());
    }

    /** Leaves the stages that nobody has left yet, since the delivery is over. */
    void closed(Handout present, Outcome how, long now) {
        if (entered > 0) {
            exit(present, new Ending(how.kind(), how.code(), how.error()), now);
        }
    }

    /** Leaves all stages that were entered, the last one first. From any thread; further calls do nothing. */
    void exit(Handout present, Ending how, long now) {
        int stage = entered == 0 ? 0 : ENTERED.getAndSet(this, 0);
        if (stage == 0) {
            return;
        }

        delivery = present;
        ending = how;
        while (stage > 0) {
            stage--;
            current = stage;
            tell(stages.all().get(stage), how, now);
        }
    }

    private void tell(ConsumeStage stage, Ending how, long now) {
        try {
            stage.exit(this, how.kind(), now);
        } catch (Throwable fault) {
            report(stage, fault);
        }
    }

    // A stage that throws must not keep a delivery from being settled.
    private void report(ConsumeStage stage, Throwable fault) {
        String name = stage.getClass().getName();
        MessagingEvent event = new MessagingEvent(Kind.FAULT, name, ErrorCode.STAGE_REFUSED, Map.of("fault", fault));
        stages.recorder().event(event);
        FatalErrors.handOn(fault);
    }

    @Override
    public String group() {
        return stages.group();
    }

    @Override
    public String filter() {
        return stages.filter();
    }

    @Override
    public Message message() {
        return present().message();
    }

    @Override
    public int deliveryCount() {
        return present().deliveryCount();
    }

    @Override
    public @Nullable ErrorCode failure() {
        Ending how = ending;
        return how == null ? null : how.code();
    }

    @Override
    public @Nullable Throwable error() {
        Ending how = ending;
        return how == null ? null : how.error();
    }

    @Override
    public long state() {
        return states[current];
    }

    @Override
    public void state(long next) {
        states[current] = next;
    }

    private Handout present() {
        Handout present = delivery;
        if (present == null) {
            throw new IllegalStateException("a view is valid during the call only");
        }
        return present;
    }
}
