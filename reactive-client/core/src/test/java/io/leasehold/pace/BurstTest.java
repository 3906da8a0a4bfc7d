package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** Who works through much at once wakes others once, at the end, and never more of them than there is work. */
class BurstTest {
    private final List<Runnable> hops = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private final TaskLoops loops = loops(4);

    private TaskLoops loops(int count) {
        return new TaskLoops(Schedulers.fromExecutor(hops::add), count, faults::add);
    }

    @BeforeEach
    void begin() {
        Burst.begin();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(Burst.putOff(times -> done.incrementAndGet())).isFalse();
        assertThat(faults).isEmpty();
    }

    @Test
    void loopsAreWokenAtItsEndAndThenDoAllOfIt() {
        execute(500);
        assertThat(hops).isEmpty();
        Burst.end();
        assertThat(hops).hasSize(4);
        hops.forEach(Runnable::run);

        assertThat(done).hasValue(500);
    }

    private void execute(int tasks) {
        for (int i = 0; i < tasks; i++) {
            loops.execute(done::incrementAndGet);
        }
    }

    @Test
    void oneTaskWakesOneLoop() {
        execute(1);
        Burst.end();
        assertThat(hops).hasSize(1);
    }

    @Test
    void whatALoopHasDoneMeanwhileWakesNobody() {
        Burst.end();
        execute(1);
        Burst.begin();
        execute(10);
        hops.remove(0).run();
        Burst.end();

        assertThat(done).hasValue(11);
        assertThat(hops).isEmpty();
    }

    @Test
    void theOutermostCounts() {
        Burst.begin();
        execute(1);
        Burst.end();
        assertThat(hops).isEmpty();
        Burst.end();

        assertThat(hops).hasSize(1);
    }

    @Test
    void ofSeveralTheEarlierAreToldWhenTheNextComes() {
        TaskLoops others = loops(1);
        execute(1);
        others.execute(done::incrementAndGet);
        assertThat(hops).hasSize(1);
        Burst.end();

        assertThat(hops).hasSize(2);
    }

    private static final class Number extends SerialLine.Link {
        private final int value;

        private Number(int value) {
            this.value = value;
        }
    }

    @Test
    void aLineIsWorkedOffAtItsEndTogether() {
        List<Object> seen = new ArrayList<>();
        SerialLine<Number> line = new SerialLine<>(number -> seen.add(number.value), () -> seen.add("|"), faults::add);

        line.addInBurst(new Number(1));
        line.add(new Number(2));
        line.addInBurst(new Number(3));
        assertThat(seen).isEmpty();
        Burst.end();
        assertThat(seen).containsExactly(1, 2, 3, "|");
        line.addInBurst(new Number(4));

        assertThat(seen).endsWith(4, "|");
    }

    @Test
    void whatALinePutsOffComesAtTheSameEnd() {
        List<Integer> seen = new ArrayList<>();
        SerialLine<Number> second = new SerialLine<>(number -> seen.add(number.value), () -> execute(3), faults::add);
        SerialLine<Number> first = new SerialLine<>(second::addInBurst, () -> {}, faults::add);

        first.addInBurst(new Number(1));
        Burst.end();

        assertThat(seen).containsExactly(1);
        assertThat(hops).hasSize(3);
    }

    @Test
    void itIsThatOfItsThreadAlone() throws Exception {
        Thread other = new Thread(() -> execute(1));
        other.start();
        other.join();
        assertThat(hops).hasSize(1);
        Burst.end();
    }

    @Test
    void whatWakesMayBeginOneItself() {
        TaskLoops inline = new TaskLoops(Schedulers.immediate(), 1, faults::add);
        inline.execute(() -> {
            Burst.begin();
            execute(2);
            Burst.end();
        });
        Burst.end();

        assertThat(hops).hasSize(2);
    }
}
