package io.leasehold.consume;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
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
    private static final StagePass OPEN = new StagePass(List.of(), null);

    private final List<ConsumeStage> stages;
    private final @Nullable RunEnvironment<?> environment;
    private final long[] states;
    private @Nullable HeldDelivery<?> delivery;
    private @Nullable Ending ending;
    private Context added = Context.empty();
    private volatile int entered;
    private volatile boolean passed;
    private int current;
    private long deferNanos;

    private StagePass(List<ConsumeStage> stages, @Nullable RunEnvironment<?> environment) {
        this.stages = stages;
        this.environment = environment;
        this.states = new long[stages.size()];
    }

    static StagePass of(Consumption<?> consumption) {
        RunEnvironment<?> environment = consumption.environment();
        List<ConsumeStage> stages = environment.stages();
        return stages.isEmpty() ? OPEN : new StagePass(stages, environment);
    }

    /**
     * Enters the stages that were not entered yet; true when all let it proceed.
     *
     * @throws StageRefusedException when one refused
     */
    boolean pass(HeldDelivery<?> present, long now) {
        if (passed) {
            return true;
        }
        deferNanos = 0;
        delivery = present;
        for (int stage = entered; stage < stages.size(); stage++) {
            current = stage;
            StageAnswer answer = ask(stages.get(stage), now);
            ErrorCode refusal = answer.code();
            if (refusal != null) {
                throw new StageRefusedException(refusal, present.topic());
            }
            if (!answer.isProceed()) {
                deferNanos = answer.delayNanos();
                return false;
            }
            entered = stage + 1;
        }
        if (!addContext()) {
            throw new StageRefusedException(ErrorCode.STAGE_REFUSED, present.topic());
        }
        passed = true;
        return true;
    }

    /** In how many nanoseconds the stages are to be asked again; 0 when none has asked for a delay. */
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
        for (int stage = 0; stage < stages.size(); stage++) {
            current = stage;
            try {
                given = Objects.requireNonNull(stages.get(stage).context(this, given), "a stage gave no context");
            } catch (Throwable fault) {
                report(stages.get(stage), fault);
                return false;
            }
        }
        added = given;
        return true;
    }

    /** A context, with what the stages add to it. */
    Context addTo(Context context) {
        return added.isEmpty() ? context : context.putAll(added.readOnly());
    }

    /** The delivery is over: leaves the stages that nobody has left yet. */
    void closed(HeldDelivery<?> present, Outcome how) {
        if (entered > 0) {
            Ending ending = new Ending(how.kind(), how.code(), how.error());
            exit(present, ending, present.consumption().environment().now());
        }
    }

    /** Leaves all stages that were entered, the last one first. From any thread; further calls do nothing. */
    void exit(HeldDelivery<?> present, Ending how, long now) {
        int stage = entered == 0 ? 0 : ENTERED.getAndSet(this, 0);
        if (stage == 0) {
            return;
        }
        delivery = present;
        ending = how;
        while (stage > 0) {
            stage--;
            current = stage;
            tell(stages.get(stage), how, now);
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
        if (environment != null) {
            String name = stage.getClass().getName();
            environment
                    .recorder()
                    .event(new MessagingEvent(Kind.FAULT, name, ErrorCode.STAGE_REFUSED, Map.of("fault", fault)));
        }
        FatalErrors.handOn(fault);
    }

    @Override
    public String group() {
        return environment == null ? "" : environment.group();
    }

    @Override
    public String filter() {
        return environment == null ? "" : environment.filter();
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

    private HeldDelivery<?> present() {
        HeldDelivery<?> present = delivery;
        if (present == null) {
            throw new IllegalStateException("a view is valid during the call only");
        }
        return present;
    }
}
