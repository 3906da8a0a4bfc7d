package io.leasehold.nats.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.Handout;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.TouchItem;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is watched behaves as what is not. */
class WatchedBrokerTest {
    private static final List<Class<?>> WATCHED = Stream.concat(
                    Stream.of(WatchedBroker.class),
                    Stream.of(WatchedBroker.class, WatchedWay.class)
                            .flatMap(type -> Stream.of(type.getDeclaredClasses())))
            .toList();

    // A default that is left as it is would be taken instead of what the broker or the client does.
    @ParameterizedTest
    @ValueSource(
            classes = {
                Broker.class,
                BrokerSession.class,
                DeliverySink.class,
                DeliveryPort.class,
                Settlement.class,
                Handout.class,
                SettleItem.class,
                TouchItem.class
            })
    void everythingIsPassedOn(Class<?> type) {
        List<Class<?>> watching =
                WATCHED.stream().filter(type::isAssignableFrom).toList();
        assertThat(watching).isNotEmpty();
        for (Class<?> each : watching) {
            assertThat(Stream.of(type.getMethods()).filter(Method::isDefault))
                    .as("left by %s", each)
                    .allSatisfy(method -> assertThat(each.getMethod(method.getName(), method.getParameterTypes())
                                    .getDeclaringClass())
                            .isNotEqualTo(method.getDeclaringClass()));
        }
    }
}
