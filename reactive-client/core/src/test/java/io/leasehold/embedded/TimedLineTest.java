package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The line of what is due after the same time, against a list. */
final class TimedLineTest {
    private static final class Probe extends TimedLine.Entry {
        @Override
        void due() {}
    }

    private static List<TimedLine.Entry> contents(TimedLine line) {
        List<TimedLine.Entry> contents = new ArrayList<>();
        line.forEach(contents::add);
        return contents;
    }

    @Test
    void whatWouldNotBeTheLastIsNotTaken() {
        TimedLine line = new TimedLine(10);
        Probe first = new Probe();
        Probe earlier = new Probe();

        assertThat(line.append(first, 100)).isTrue();
        assertThat(line.append(earlier, 99)).isFalse();
        assertThat(contents(line)).containsExactly(first);

        TimedLine.remove(earlier);
        assertThat(line.append(earlier, 100)).isTrue();
    }

    @Test
    void itHoldsWhatWasAppendedAndNotTakenOutInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TimedLine line = new TimedLine(10);
        List<TimedLine.Entry> model = new ArrayList<>();
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            probes.add(new Probe());
        }
        for (int step = 0; step < 5000; step++) {
            Probe probe = probes.get(random.nextInt(probes.size()));
            TimedLine.remove(probe);
            model.remove(probe);
            if (random.nextBoolean()) {
                line.append(probe, step);
                model.add(probe);
            }
            assertThat(contents(line)).as("seed " + seed).isEqualTo(model);
            assertThat(line.first()).as("seed " + seed).isSameAs(model.isEmpty() ? null : model.get(0));
        }
    }
}
