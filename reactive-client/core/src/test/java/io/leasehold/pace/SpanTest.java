package io.leasehold.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Any time a user may give can be added to an instant. */
class SpanTest {
    @Test
    void whatIsShortIsKept() {
        assertThat(Span.nanos(Duration.ZERO)).isZero();
        assertThat(Span.nanos(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Span.nanos(Duration.ofDays(36_500).minusNanos(1)))
                .isEqualTo(Duration.ofDays(36_500).toNanos() - 1);
    }

    @Test
    void whatIsLessThanNothingIsNothing() {
        assertThat(Span.nanos(Duration.ofNanos(-1))).isZero();
        assertThat(Span.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
    }

    @Test
    void forEverIsAHundredYears() {
        long most = Span.LONGEST.toNanos();
        assertThat(Span.nanos(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(most);
        assertThat(Span.nanos(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))).isEqualTo(most);
        assertThat(most + Duration.ofDays(36_500).toNanos()).as("twice of it").isPositive();
    }
}
