package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.NatsSettings;
import io.leasehold.nats.NatsStorage;
import io.leasehold.nats.NatsStream;
import io.leasehold.spring.boot.Contexts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Streams by name in the properties, so that an application that only publishes provides for them. */
class NatsNamedStreamsTest {
    // Nobody listens there.
    private static final String SERVER = "nats://127.0.0.1:1";

    private final ApplicationContextRunner runner =
            Contexts.runner().withPropertyValues("leasehold.nats.servers=" + SERVER);

    @Test
    void aStreamIsNamedWithItsSubjectsAndLimits() {
        runner.withPropertyValues(
                        "leasehold.nats.streams.named.orders.subjects=orders.>,returns.>",
                        "leasehold.nats.streams.named.orders.max-messages=7",
                        "leasehold.nats.streams.named.orders.max-bytes=10MB",
                        "leasehold.nats.streams.named.orders.max-age=3d",
                        "leasehold.nats.streams.named.orders.storage=memory",
                        "leasehold.nats.streams.named.orders.replicas=1",
                        "leasehold.nats.domain=hub")
                .run(context -> assertThat(context.getBean(NatsBroker.class).settings())
                        .isEqualTo(
                                NatsSettings.builder().servers(SERVER).domain("hub").stream(NatsStream.builder("orders")
                                                .subjects("orders.>", "returns.>")
                                                .maxMessages(7)
                                                .maxBytes(10 << 20)
                                                .maxAge(Duration.ofDays(3))
                                                .storage(NatsStorage.MEMORY)
                                                .replicas(1)
                                                .build())
                                        .build()));
    }

    @Test
    void aStreamWithoutSubjectsIsRefusedByItsName() {
        runner.withPropertyValues("leasehold.nats.streams.named.orders.max-messages=7")
                .run(context -> {
                    MessagingException refused = StartReport.refusalOf(context);

                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(refused.subject()).contains("named.orders");
                });
    }

    @Test
    void theNamesOfItsPropertiesAreKnown() {
        KnownProperties properties = KnownProperties.of(List.of(new NatsBrokerFactory()));

        assertThat(properties.isKnown("leasehold.nats.streams.named.orders.max-bytes"))
                .isTrue();
        assertThat(properties.isKnown("leasehold.nats.streams.named.orders.subjects[0]"))
                .isTrue();
        assertThat(properties.isKnown("leasehold.nats.streams.named.orders.max-byte"))
                .isFalse();
    }
}
