package io.leasehold.resilience;

import io.leasehold.error.ErrorCode;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PublishOutcome;
import io.leasehold.publish.PublishStage;
import io.leasehold.publish.PublishView;

/** A gate before each publish. Only what speaks of the broker's health is told; a wrong topic does not. */
final class GatedPublish implements PublishStage {
    private final Gate gate;

    GatedPublish(Gate gate) {
        this.gate = gate;
    }

    @Override
    public StageAnswer enter(PublishView view, long now) {
        return gate.enter(view, now);
    }

    @Override
    public void exit(PublishView view, PublishOutcome outcome, long now) {
        ErrorCode failure = view.failure();
        Throwable error = view.error();
        if (outcome == PublishOutcome.CONFIRMED) {
            gate.ended(view, now, null);
        } else if (outcome != PublishOutcome.TAKEN_BACK && failure != null && isOfTheBroker(failure)) {
            gate.ended(view, now, error == null ? Failures.of(failure) : error);
        } else {
            gate.undone(view);
        }
    }

    private static boolean isOfTheBroker(ErrorCode code) {
        return code == ErrorCode.PUBLISH_TIMEOUT || (code.category() == ErrorCode.Category.BROKER && code.retryable());
    }
}
