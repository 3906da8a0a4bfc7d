package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.OutboundQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions are found by their numbers, and a number is not used again soon. */
class SubscriptionTableTest {
    private static final int LARGEST_SID = 999_999_999;

    private final TestLoop loop = new TestLoop();
    private final OutboundQueue outbound = new OutboundQueue(1_000, loop.loop, () -> {});
    private final SubscriptionTable owner = table(1);

    @AfterEach
    void leave() {
        loop.close();
    }

    private SubscriptionTable table(int limit) {
        return new SubscriptionTable(limit, outbound, loop.loop);
    }

    private Subscription fresh() {
        return new Subscription(owner, Subject.filter("q"), null, new HeardMessages());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void eachIsFoundByItsNumberAndNobodyByAnOldOne(long seed) {
        Random random = new Random(seed);
        SubscriptionTable table = table(500);
        Map<Integer, Subscription> present = new HashMap<>();
        Set<Integer> gone = new HashSet<>();
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(500) >= present.size()) {
                Subscription subscription = fresh();
                assertThat(table.add(subscription)).isTrue();
                assertThat(subscription.sid).isBetween(1, LARGEST_SID);
                assertThat(gone).as("seed %d", seed).doesNotContain(subscription.sid);
                assertThat(present.put(subscription.sid, subscription)).isNull();
            } else {
                int sid = present.keySet().iterator().next();
                table.remove(present.get(sid));
                assertThat(present.remove(sid).sid).isEqualTo(Subscription.NO_SID);
                gone.add(sid);
                assertThat(table.get(sid)).isNull();
            }
            assertThat(table.size()).isEqualTo(present.size());
        }
        present.forEach((sid, subscription) -> assertThat(table.get(sid)).isSameAs(subscription));
    }

    @Test
    void thereAreNoMoreThanAllowedAndRoomComesBack() {
        SubscriptionTable table = table(100);
        List<Subscription> all = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            all.add(fresh());
            assertThat(table.add(all.get(i))).isTrue();
        }
        assertThat(table.add(fresh())).isFalse();
        table.remove(all.get(50));

        assertThat(table.add(fresh())).isTrue();
        assertThat(table.add(fresh())).isFalse();
    }

    @Test
    void aSlotThatIsUsedForEverKeepsItsNumberWithinTheProtocol() {
        SubscriptionTable table = table(100);
        for (int i = 0; i < 500_000; i++) {
            Subscription subscription = fresh();
            assertThat(table.add(subscription)).isTrue();
            if (subscription.sid < 1 || subscription.sid > LARGEST_SID) {
                assertThat(subscription.sid).isBetween(1, LARGEST_SID);
            }
            table.remove(subscription);
        }
    }

    @Test
    void noNumberMeansNobody() {
        SubscriptionTable table = table(100);
        table.add(fresh());
        for (int sid : new int[] {0, -1, 2, 1 << 17, LARGEST_SID, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(table.get(sid)).as("%d", sid).isNull();
        }
    }
}
