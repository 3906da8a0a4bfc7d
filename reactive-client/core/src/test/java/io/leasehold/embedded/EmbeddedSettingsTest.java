package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Settings are values with bounds. */
final class EmbeddedSettingsTest {
    @Test
    void equalSettingsAreEqual() {
        EmbeddedSettings one = EmbeddedSettings.builder().capacityMessages(5).build();

        assertThat(one)
                .isEqualTo(
                        EmbeddedSettings.defaults().mutate().capacityMessages(5).build());
        assertThat(one).hasSameHashCodeAs(one.mutate().build());
        assertThat(one).isNotEqualTo(EmbeddedSettings.defaults());
        assertThat(one.toString()).contains(EmbeddedMode.FENCED.capabilities().toString(), "5");
    }

    @Test
    void mutatingKeepsEverythingElse() {
        EmbeddedSettings all = EmbeddedSettings.builder()
                .mode(EmbeddedMode.NATS_LIKE)
                .capacityMessages(1)
                .capacityBytes(2)
                .waitingPublishes(3)
                .messageBytesMax(4)
                .allowUnkept(true)
                .duplicateWindow(Duration.ofSeconds(5))
                .duplicateIds(6)
                .leaseBackoff(List.of(Duration.ofSeconds(7)))
                .maxDeliveries(8)
                .retain(new RetentionSpec(TopicFilter.of("dead.>"), Retention.defaults()))
                .build();

        assertThat(all.mutate().build()).isEqualTo(all);
    }

    @Test
    void eachBoundIsCheckedByName() {
        refuses("leasehold.embedded.capacity-messages", settings -> settings.capacityMessages(0));
        refuses("leasehold.embedded.capacity-bytes", settings -> settings.capacityBytes(0));
        refuses("leasehold.embedded.waiting-publishes", settings -> settings.waitingPublishes(-1));
        refuses("leasehold.embedded.message-bytes-max", settings -> settings.messageBytesMax(0));
        refuses("leasehold.embedded.duplicate-ids", settings -> settings.duplicateIds(10_000_001));
        refuses("leasehold.embedded.duplicate-window", settings -> settings.duplicateWindow(Duration.ofNanos(-1)));
        refuses("embedded.max-deliveries", settings -> settings.maxDeliveries(0));
        refuses("embedded.lease-backoff", settings -> settings.leaseBackoff(List.of(Duration.ZERO)));
        refuses(
                "embedded.lease-backoff.size",
                settings -> settings.leaseBackoff(Collections.nCopies(101, Duration.ofDays(1))));
    }

    private static void refuses(String setting, UnaryOperator<EmbeddedSettings.Builder> change) {
        assertThatThrownBy(() -> change.apply(EmbeddedSettings.builder()).build())
                .isInstanceOfSatisfying(MessagingException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING);
                    assertThat(error.subject()).isEqualTo(setting);
                    assertThat(error.getMessage()).contains("..");
                });
    }
}
