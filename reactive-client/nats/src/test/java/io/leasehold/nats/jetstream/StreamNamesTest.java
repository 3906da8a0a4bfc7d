package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StreamNamesTest {
    @Test
    void aPlainFamilyNamesItsStream() {
        assertThat(StreamNames.family(TopicFilter.of("quakes.nc.*")))
                .isEqualTo(StreamSpec.of("quakes", List.of("quakes", "quakes.>")));
    }

    @Test
    void noTwoSetsOfTopicsShareAName() {
        List<String> filters = List.of("p$q", "p+q", "p_q", "p-q", "p=q", "p=24q", "p", "p.q", "p.*", "p.>", "p=5F");
        Stream<String> families = filters.stream()
                .map(TopicFilter::of)
                .map(StreamNames::family)
                .map(StreamSpec::name)
                .distinct();
        Stream<String> alone =
                filters.stream().map(TopicFilter::of).map(StreamNames::alone).map(StreamSpec::name);
        List<String> names = Stream.concat(families, alone).toList();

        assertThat(names).doesNotHaveDuplicates().hasSize(8 + filters.size());
    }

    @Test
    void longNamesAreCutAndStayApart() {
        String head = "x".repeat(190);
        String one = StreamNames.family(TopicFilter.of(head + "1.a")).name();
        String two = StreamNames.family(TopicFilter.of(head + "2.a")).name();

        assertThat(one).hasSizeLessThanOrEqualTo(200).isNotEqualTo(two);
    }

    @Test
    void aWildcardNamesNoFamily() {
        assertThatThrownBy(() -> StreamNames.family(TopicFilter.of("*.a")))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_TOPIC));
    }
}
