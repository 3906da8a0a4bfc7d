package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** Whatever is done with it, it holds what a map would. */
class RegistryTest {
    private static final int MESSAGES = 200;

    private record Ref(int message) {
        // So that many stand in one row.
        @Override
        public int hashCode() {
            return message % 37 << 14;
        }
    }

    private static final class Held extends Registry.Entry {
        private final Ref ref;

        private Held(Ref ref) {
            this.ref = ref;
        }

        @Override
        Object ref() {
            return ref;
        }

        @Override
        void take() {}
    }

    private final Registry<Held> registry = new Registry<>();
    private final Map<Ref, Held> model = new HashMap<>();

    @RepeatedTest(20)
    void holdsOneForEachMessage() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        for (int step = 0; step < 5_000; step++) {
            change(new Held(new Ref(random.nextInt(MESSAGES))), random.nextBoolean());
            Ref asked = new Ref(random.nextInt(MESSAGES));
            assertThat(registry.get(asked)).as("seed %d", seed).isSameAs(model.get(asked));
        }

        assertThat(registry.all()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.values());
    }

    private void change(Held fresh, boolean removes) {
        Held present = model.get(fresh.ref);
        if (present == null) {
            registry.add(fresh);
            model.put(fresh.ref, fresh);
        } else if (removes) {
            registry.remove(present);
            model.remove(fresh.ref);
        } else {
            registry.replace(present, fresh);
            model.put(fresh.ref, fresh);
        }
    }
}
