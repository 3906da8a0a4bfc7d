package io.leasehold.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.nats.NatsBroker;
import io.leasehold.sample.desk.Desk;
import io.leasehold.sample.desk.DeskEvent;
import io.leasehold.sample.desk.Tally;
import io.leasehold.spring.boot.server.LocalNats;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** With one property the desk works on NATS, and a second instance takes its share of the year. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TwoDesksIT {
    private static final long YEAR = 38_094;
    private static final Duration LIMIT = Duration.ofSeconds(150);

    @Test
    void shareTheYear() {
        try (LocalNats server = LocalNats.start();
                ConfigurableApplicationContext second = desk(server, "--quakedesk.replay.enabled=false");
                ConfigurableApplicationContext first = desk(server, "--quakedesk.replay.duration=5s")) {
            assertThat(first.getBean(Broker.class)).isInstanceOf(NatsBroker.class);
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(assessed(first) + assessed(second)).isGreaterThanOrEqualTo(YEAR));

            assertThat(assessed(first)).isGreaterThan(YEAR / 10);
            assertThat(assessed(second)).isGreaterThan(YEAR / 10);
            assertThat(of(first, DeskEvent.PUBLISHED)).isEqualTo(YEAR);
            long again = of(first, DeskEvent.REDELIVERED) + of(second, DeskEvent.REDELIVERED);
            assertThat(assessed(first) + assessed(second)).isLessThanOrEqualTo(YEAR + again);
            assertThat(of(first, DeskEvent.DEAD_LETTERED) + of(second, DeskEvent.DEAD_LETTERED))
                    .isZero();
        }
    }

    private static ConfigurableApplicationContext desk(LocalNats server, String more) {
        return new SpringApplicationBuilder(QuakeDeskApplication.class)
                .registerShutdownHook(false)
                .run(
                        "--leasehold.nats.servers=" + server.url(),
                        more,
                        "--server.port=0",
                        // On a machine with much else to do the margins for the network grow.
                        "--leasehold.consumer.lease-time=30s");
    }

    private static long assessed(ConfigurableApplicationContext desk) {
        return desk.getBean(Desk.class).total().counts().total();
    }

    private static long of(ConfigurableApplicationContext desk, DeskEvent event) {
        return desk.getBean(Tally.class).of(event);
    }
}
