package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainLoopTest {
    private final DrainLoop loop = new DrainLoop();
    private final List<String> passes = new ArrayList<>();

    @Test
    void onlyTheFirstWhoEntersOwesTheDraining() {
        assertThat(loop.enter()).isTrue();
        assertThat(loop.enter()).isFalse();

        loop.drain(() -> passes.add("pass"));

        assertThat(passes).as("one pass sees what both have filled").hasSize(1);
        assertThat(loop.enter()).isTrue();
    }

    @Test
    void whatIsFilledWithinAPassGetsAnotherOneAndDoesNotNest() {
        loop.enterAndDrain(() -> {
            passes.add("begins");
            if (passes.size() < 3) {
                loop.enterAndDrain(() -> passes.add("nested"));
            }
            passes.add("ends");
        });

        assertThat(passes).containsExactly("begins", "ends", "begins", "ends");
    }

    @Test
    void afterSoManyPassesTheDrainingIsStillOwed() {
        loop.enter();

        boolean done = loop.drain(
                () -> {
                    passes.add("pass");
                    loop.enter();
                },
                2);

        assertThat(done).isFalse();
        assertThat(passes).hasSize(2);
        assertThat(loop.enter()).as("somebody else owes it").isFalse();
        assertThat(loop.drain(() -> passes.add("last"), 2)).isTrue();
    }

    @Test
    void nothingIsDrainedThatNobodyHasEntered() {
        loop.drain(() -> passes.add("pass"));

        assertThat(passes).isEmpty();
    }
}
