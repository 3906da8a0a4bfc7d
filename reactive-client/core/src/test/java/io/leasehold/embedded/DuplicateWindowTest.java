package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The window of ids, against a map that keeps the order. */
final class DuplicateWindowTest {
    private static DuplicateWindow window(int ids, long nanos) {
        return new DuplicateWindow(EmbeddedSettings.builder()
                .duplicateIds(ids)
                .duplicateWindow(Duration.ofNanos(nanos))
                .build());
    }

    @Test
    void anIdIsForgottenWhenItsTimeIsOver() {
        DuplicateWindow window = window(10, 100);
        window.add("a", "id", 7, 1000);

        assertThat(window.find("a", "id", 1099)).isEqualTo(7);
        assertThat(window.find("a", "id", 1100)).isEqualTo(DuplicateWindow.UNKNOWN);
        assertThat(window.size()).isZero();
    }

    @Test
    void theOldestIdIsForgottenWhenThereAreTooMany() {
        DuplicateWindow window = window(3, 1000);
        for (int i = 0; i < 5; i++) {
            window.add("a", "id" + i, i, 0);
        }

        assertThat(window.size()).isEqualTo(3);
        assertThat(window.find("a", "id1", 1)).isEqualTo(DuplicateWindow.UNKNOWN);
        assertThat(window.find("a", "id2", 1)).isEqualTo(2);
    }

    @Test
    void anIdBelongsToItsTopic() {
        DuplicateWindow window = window(10, 1000);
        window.add("a", "id", 7, 0);
        assertThat(window.find("b", "id", 0)).isEqualTo(DuplicateWindow.UNKNOWN);
    }

    @Test
    void aZeroWindowIsOff() {
        assertThat(window(1, 0).isOff()).isTrue();
        assertThat(window(1, 1).isOff()).isFalse();
    }

    @Test
    void itAnswersAsAMapWould() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int ids = 1 + random.nextInt(200);
            long nanos = 1 + random.nextInt(500);
            compare(window(ids, nanos), ids, nanos, random, "seed " + seed);
        }
    }

    private static void compare(DuplicateWindow window, int ids, long nanos, Random random, String seed) {
        Map<String, long[]> model = new LinkedHashMap<>();
        long now = random.nextLong();
        for (int step = 0; step < 2000; step++) {
            now += random.nextInt(4);
            String id = "id" + random.nextInt(2 * ids);
            long at = now;
            model.values().removeIf(entry -> at - entry[1] >= nanos);
            long[] known = model.get(id);
            long found = window.find("a", id, now);
            assertThat(found).as(seed).isEqualTo(known == null ? DuplicateWindow.UNKNOWN : known[0]);
            if (known == null) {
                if (model.size() == ids) {
                    List<String> keys = new ArrayList<>(model.keySet());
                    model.remove(keys.get(0));
                }
                model.put(id, new long[] {step, now});
                window.add("a", id, step, now);
            }
            assertThat(window.size()).as(seed).isEqualTo(model.size());
        }
    }
}
