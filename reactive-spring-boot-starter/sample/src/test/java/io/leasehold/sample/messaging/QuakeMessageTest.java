package io.leasehold.sample.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.message.TopicFilter;
import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.catalogue.CatalogueEntry.Recorded;
import io.leasehold.sample.quake.Quake;
import io.leasehold.sample.quake.QuakeJson;
import io.leasehold.sample.quake.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An earthquake goes to the topic of its network, under an id of its own. */
class QuakeMessageTest {

    @Test
    void aRecordOfTheCatalogueIsNamedByEventAndLine() {
        Quake quake = SomeQuakes.of(440, new Report("NC", "72573650"));

        assertThat(QuakeMessage.recorded(new Recorded(118, quake)))
                .isEqualTo(new QuakeMessage("quakes.nc", "NC", "72573650-118", QuakeJson.write(quake)));
    }

    @Test
    void aRecordWithoutAnEventIdIsNamedByItsLine() {
        assertThat(QuakeMessage.recorded(new Recorded(118, SomeQuakes.of(440))).id())
                .isEqualTo("line-118");
    }

    @Test
    void anEarthquakeThatIsSentInTwiceIsOneMessageIfItHasAnEventId() {
        Quake quake = SomeQuakes.of(440, new Report("NC", "72573650"));

        assertThat(QuakeMessage.posted(quake)).isEqualTo(QuakeMessage.posted(quake));
        assertThat(QuakeMessage.posted(quake).id()).isEqualTo("72573650");
    }

    @Test
    void anEarthquakeThatIsSentInWithoutAnEventIdIsANewMessageEachTime() {
        Quake quake = SomeQuakes.of(440);

        assertThat(QuakeMessage.posted(quake).id())
                .isNotEqualTo(QuakeMessage.posted(quake).id());
    }

    @ParameterizedTest(name = "{0} goes to {1}")
    @CsvSource({
        "us, quakes.us",
        "NC, quakes.nc",
        "a.b, quakes.a_b",
        "*, quakes._",
        "x>, quakes.x_",
        "new zealand, quakes.new_zealand",
        "a-b_c, quakes.a-b_c",
        "~!, quakes.__"
    })
    void everyNetworkHasATopicThatTheFilterOfAllTakesIn(String source, String topic) {
        assertThat(QuakeTopic.of(source)).isEqualTo(topic);
        assertThat(TopicFilter.of(QuakeTopic.ALL).matches(topic)).isTrue();
    }
}
