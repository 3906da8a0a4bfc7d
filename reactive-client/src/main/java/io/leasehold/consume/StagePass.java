package io.leasehold.consume;

import io.leasehold.message.Message;
import io.leasehold.pace.StageAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way of one run through the stages: how far it came, and what each of them keeps of it. */
final class StagePass implements ConsumeView {
    private static final StagePass OPEN = new StagePass(List.of(), "");

    private final List<ConsumeStage> stages;
    private final String group;
    private final long[] states;
    private @Nullable HeldDelivery<?> delivery;
    private int entered;
    private int current;

    private StagePass(List<ConsumeStage> stages, String group) {
        this.stages = stages;
        this.group = group;
        this.states = new long[stages.size()];
    }

    static StagePass of(Consumption<?> consumption) {
        List<ConsumeStage> stages = consumption.environment().stages();
        return stages.isEmpty()
                ? OPEN
                : new StagePass(stages, consumption.environment().group());
    }

    /** Enters the stages that were not entered yet; what the first one answers that does not let it proceed. */
    long enter(HeldDelivery<?> present, long now) {
        if (stages.isEmpty()) {
            return StageAnswer.PROCEED;
        }
        delivery = present;
        while (entered < stages.size()) {
            current = entered;
            long answer = stages.get(entered).enter(this, now);
            if (!StageAnswer.isProceed(answer)) {
                return answer;
            }
            entered++;
        }
        return StageAnswer.PROCEED;
    }

    /** Leaves all stages that were entered, the last one first. */
    void exit(HeldDelivery<?> present, Outcome.Kind outcome, long now) {
        delivery = stages.isEmpty() ? null : present;
        while (entered > 0) {
            entered--;
            current = entered;
            stages.get(entered).exit(this, outcome, now);
        }
    }

    @Override
    public String group() {
        return group;
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
