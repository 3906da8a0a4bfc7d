package io.leasehold.publish;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One publish: writing, answering, timing out, cancelling and taking back compete, and one decision is made. */
@Tag("once")
@Timeout(300)
public class WriteStateLincheckTest {
    private static final class Word extends WriteState {}

    /** What may happen to the word at the same time. */
    public static class OnePublish {
        private final WriteState decision = new Word();

        /** The broker asks the gate. */
        @Operation
        public boolean write() {
            return decision.write();
        }

        /** The broker answers, or time does. */
        @Operation
        public boolean decide() {
            return decision.decide();
        }

        /** The subscriber leaves. */
        @Operation
        public boolean cancel() {
            return decision.cancelOnce();
        }

        /** The window takes it back. */
        @Operation
        public boolean takeBack() {
            return decision.takeBack();
        }

        /** Somebody has something to tell the window. */
        @Operation
        public boolean enterLine() {
            return decision.enterLine();
        }
    }

    /** The same with two steps where one transition should be. */
    public static class TwoSteps {
        private final WriteState decision = new Word();

        /** The broker asks the gate. */
        @Operation
        public boolean write() {
            return decision.write();
        }

        /** Looks, and then decides. */
        @Operation
        public boolean takeBack() {
            boolean open = !decision.isWritten() && !decision.isDecided();
            return open && decision.decide();
        }
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0);
    }

    @Test
    void everyTransitionIsOneStep() {
        options().check(OnePublish.class);
    }

    @Test
    void twoStepsAreFound() {
        assertThatThrownBy(() -> options().check(TwoSteps.class)).hasMessageContaining("Invalid execution results");
    }
}
