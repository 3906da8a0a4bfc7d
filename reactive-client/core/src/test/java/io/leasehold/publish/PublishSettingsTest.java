package io.leasehold.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.RetryPolicy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PublishSettingsTest {
    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        PublishSettings settings = PublishSettings.defaults();

        assertThat(settings.window()).isEqualTo(1024);
        assertThat(settings.windowBytes()).isEqualTo(8 * 1024 * 1024);
        assertThat(settings.waiting()).isEqualTo(10_000);
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.retry()).isEqualTo(RetryPolicy.backoff(5, Duration.ofMillis(100)));
        assertThat(settings.haltedKeysMax()).isEqualTo(10_000);
    }

    @Test
    void equalValuesAreEqualSettings() {
        assertThat(PublishSettings.builder().build()).isEqualTo(PublishSettings.defaults());
        assertThat(PublishSettings.builder()
                        .window(7)
                        .build()
                        .mutate()
                        .window(1024)
                        .build())
                .isEqualTo(PublishSettings.defaults());
    }

    @Test
    void boundsAreCheckedAndNamed() {
        assertBad(b -> b.window(0), "leasehold.publish.window", "0 is not in 1..65536");
        assertBad(b -> b.window(65_537), "leasehold.publish.window", "65537");
        assertBad(b -> b.windowBytes(1023), "leasehold.publish.window-bytes", "1023 is not in 1024..1073741824");
        assertBad(b -> b.waiting(-1), "leasehold.publish.waiting", "-1 is not in 0..1000000");
        assertBad(b -> b.timeout(Duration.ZERO), "leasehold.publish.timeout", "PT0S");
        assertBad(b -> b.timeout(Duration.ofHours(2)), "leasehold.publish.timeout", "PT2H is not in PT0.001S..PT1H");
        assertBad(b -> b.haltedKeysMax(0), "leasehold.publish.halted-keys-max", "0 is not in 1..1000000");
    }

    private static void assertBad(UnaryOperator<PublishSettings.Builder> change, String setting, String problem) {
        PublishSettings.Builder builder = PublishSettings.builder();
        assertThatThrownBy(() -> change.apply(builder)).isInstanceOfSatisfying(MessagingException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(e.subject()).isEqualTo(setting);
            assertThat(e).hasMessageContaining(problem);
        });
    }
}
