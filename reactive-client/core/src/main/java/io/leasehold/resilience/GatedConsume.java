package io.leasehold.resilience;

import io.leasehold.consume.ConsumeStage;
import io.leasehold.consume.ConsumeView;
import io.leasehold.consume.Outcome;
import io.leasehold.consume.StageRefusedException;
import io.leasehold.error.ErrorCode;
import io.leasehold.pace.StageAnswer;
import org.jspecify.annotations.Nullable;

/** A gate before each run. What ended without a word of the handler says nothing about the handler. */
final class GatedConsume implements ConsumeStage {
    private final Gate gate;

    GatedConsume(Gate gate) {
        this.gate = gate;
    }

    @Override
    public StageAnswer enter(ConsumeView view, long now) {
        return gate.enter(view, now);
    }

    @Override
    public void exit(ConsumeView view, Outcome.Kind outcome, long now) {
        Throwable error = view.error();
        ErrorCode failure = view.failure();
        boolean never = error instanceof StageRefusedException
                || failure == ErrorCode.DECODE_FAILED
                || failure == ErrorCode.CODEC_UNAVAILABLE;
        switch (never ? Outcome.Kind.RELEASED : outcome) {
            case RELEASED, LOST, UNKNOWN -> gate.undone(view);
            case NAKED -> gate.ended(view, now, error == null ? Failures.of(codeOf(view.failure())) : error);
            case ACKED, TERMINATED, DEAD_LETTERED -> gate.ended(view, now, error);
        }
    }

    private static ErrorCode codeOf(@Nullable ErrorCode failure) {
        return failure == null ? ErrorCode.HANDLER_FAILED : failure;
    }
}
