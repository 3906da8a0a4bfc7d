package io.leasehold.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        "a, a, true, true",
        "a, b, false, false",
        "a.>, a, false, false",
        "a.>, a.b, true, true",
        "a.>, a.b.c, true, true",
        "a.b, a.>, false, true",
        "a.*, a.b, true, true",
        "a.*, a.*, true, true",
        "a.*, a.>, false, true",
        "a.>, a.*, true, true",
        "a.*.c, a.b.*, false, true",
        "a.*.c, a.b.d, false, false",
        "*.b, a.>, false, true",
        ">, a.b, true, true",
        "a.b, a.b.c, false, false",
    })
    void aFilterCoversOthersAndOverlapsWithThem(String filter, String other, boolean covers, boolean overlaps) {
        assertThat(TopicFilter.of(filter).covers(TopicFilter.of(other))).isEqualTo(covers);
        assertThat(TopicFilter.of(filter).overlaps(TopicFilter.of(other))).isEqualTo(overlaps);
        assertThat(TopicFilter.of(other).overlaps(TopicFilter.of(filter))).isEqualTo(overlaps);
    }
}
