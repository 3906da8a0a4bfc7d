package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.CallerContext;
import io.leasehold.event.Recorder;
import io.leasehold.pace.FatalErrors;
import io.leasehold.pace.StageAnswer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** Leads publishes through the stages, and back. */
@SuppressWarnings("try") // a scope is there to be closed
final class StageChain {
    /**
     * Holds what was taken of a subscriber when it subscribed, for the stages.
     *
     * @param context its Reactor context, and what stages took into it
     * @param held what its thread held; null for nothing
     * @param isWhole whether all stages took what they wanted; when not, none may let a message pass without
     */
    record Captured(Context context, @Nullable Object held, boolean isWhole) {}

    private static final StageAnswer BROKEN = StageAnswer.refuse(ErrorCode.STAGE_REFUSED);

    private final PublishStage[] stages;
    private final Recorder recorder;
    private final CallerContext callers;

    StageChain(List<PublishStage> stages, Recorder recorder, CallerContext callers) {
        this.stages = stages.toArray(new PublishStage[0]);
        this.recorder = recorder;
        this.callers = callers;
    }

    /** Takes what stages will want to know of a subscriber, on its thread; null where there are no stages. */
    @Nullable
    Captured capture(Context given) {
        if (stages.length == 0) {
            return null;
        }

        Context context = given;
        for (int stage = 0; stage < stages.length; stage++) {
            try {
                context = Objects.requireNonNull(stages[stage].capture(context), "a stage gave no context");
            } catch (Throwable fault) {
                report(stage, fault);
                return new Captured(given, null, false);
            }
        }

        try {
            return new Captured(context, callers.capture(context), true);
        } catch (Throwable fault) {
            broken(fault);
            return new Captured(context, null, false);
        }
    }

    /** Returns the first answer that does not let a publish go on, or {@link StageAnswer#PROCEED}. */
    StageAnswer enter(PendingPublish publish, long now) {
        Captured captured = publish.captured();
        if (captured == null) {
            return StageAnswer.PROCEED;
        }
        if (!captured.isWhole()) {
            return BROKEN;
        }

        try (CallerContext.Scope scope = callers.enter(captured.held())) {
            return askAll(publish, now);
        } catch (Throwable fault) {
            broken(fault);
            return BROKEN;
        }
    }

    private StageAnswer askAll(PendingPublish publish, long now) {
        for (int stage = publish.stage(); stage < stages.length; stage++) {
            publish.stage(stage);
            StageAnswer answer = ask(stage, publish, now);
            publish.stagesEntered(answer.code() == null ? stage + 1 : stage);
            if (!answer.isProceed()) {
                return answer;
            }
        }
        return StageAnswer.PROCEED;
    }

    /** Tells all stages that a publish has entered how it ended, the last one first. */
    void exit(PendingPublish publish, PublishOutcome outcome, long now) {
        Captured captured = publish.stagesEntered() == 0 ? null : publish.captured();
        if (captured == null) {
            return;
        }

        try (CallerContext.Scope scope = callers.enter(captured.held())) {
            tellAll(publish, outcome, now);
        } catch (Throwable fault) {
            broken(fault);
        }
    }

    private void tellAll(PendingPublish publish, PublishOutcome outcome, long now) {
        for (int stage = publish.stagesEntered() - 1; stage >= 0; stage--) {
            publish.stage(stage);
            tell(stage, publish, outcome, now);
        }
    }

    private StageAnswer ask(int stage, PendingPublish publish, long now) {
        try {
            return Objects.requireNonNull(stages[stage].enter(publish, now), "a stage gave no answer");
        } catch (Throwable fault) {
            report(stage, fault);
            return BROKEN;
        }
    }

    private void tell(int stage, PendingPublish publish, PublishOutcome outcome, long now) {
        try {
            stages[stage].exit(publish, outcome, now);
        } catch (Throwable fault) {
            report(stage, fault);
        }
    }

    private void report(int stage, Throwable fault) {
        recorder.fault(new MessagingException(
                ErrorCode.STAGE_REFUSED,
                "a stage threw",
                stages[stage].getClass().getName(),
                "have it answer instead",
                fault));
        FatalErrors.handOn(fault);
    }

    // What is to be found in the thread is code of others, too.
    private void broken(Throwable fault) {
        recorder.fault(fault);
        FatalErrors.handOn(fault);
    }
}
