package io.leasehold.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;

/** Wherever the data are, so is the acknowledgement that goes with them. */
class AcknowledgementTest {

    private static final String ACKNOWLEDGEMENT =
            "Waveform data, metadata, or data products for this study were accessed"
                    + " through the Northern California Earthquake Data Center (NCEDC), doi:10.7932/NCEDC.";

    @ParameterizedTest
    @ValueSource(strings = {"catalogue/NOTICE.txt", "static/index.html"})
    void isKept(String resource) throws IOException {
        String text = new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8);

        assertThat(text.replaceAll("<[^>]*>", "")).containsIgnoringWhitespaces(ACKNOWLEDGEMENT);
    }
}
