package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
    private final List<String> done = new ArrayList<>();
    private final SerialQueue<String> queue = new SerialQueue<>(done::add, () -> done.add("|"), fault -> {
        throw new AssertionError(fault);
    });

    @Test
    void whatIsAddedIsWorkedOffAtOnce() {
        queue.add("a");
        queue.add("b");
        assertThat(done).containsExactly("a", "|", "b", "|");
    }

    @Test
    void whatIsHeldIsWorkedOffInOneBurst() {
        assertThat(queue.hold()).isTrue();
        queue.add("a");
        queue.add("b");
        assertThat(done).isEmpty();
        queue.letGo();
        assertThat(String.join("", done)).startsWith("ab|");
        queue.add("c");
        assertThat(done).endsWith("c", "|");
    }

    @Test
    void whoeverIsAtWorkIsNotHeldUp() {
        List<Boolean> held = new ArrayList<>();
        List<SerialQueue<Runnable>> self = new ArrayList<>();
        self.add(new SerialQueue<>(Runnable::run, () -> {}, fault -> {}));
        self.get(0).add(() -> held.add(self.get(0).hold()));
        assertThat(held).containsExactly(false);
        self.get(0).add(() -> done.add("after"));
        assertThat(done).containsExactly("after");
    }

    @Test
    void anEmptyBurstIsOne() {
        assertThat(queue.hold()).isTrue();
        queue.letGo();
        assertThat(done).containsExactly("|");
        assertThat(queue.hold()).isTrue();
        queue.letGo();
    }
}
