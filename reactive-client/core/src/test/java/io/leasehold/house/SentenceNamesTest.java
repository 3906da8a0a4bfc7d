package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Test names are shown as sentences. */
class SentenceNamesTest {
    @ParameterizedTest
    @CsvSource({
        "aSlotIsNeverTakenTwice, a slot is never taken twice",
        "drains, drains",
        "anAnswerIsAPartOfARun, an answer is a part of a run",
        "aPullThatRunsOutEndsWith408AndTellsWhatIsLeft, a pull that runs out ends with 408 and tells what is left",
        "natsIsSpokenUnderTls, NATS is spoken under TLS",
        "whatJnatsPublishesComesAsItWas, what jnats publishes comes as it was",
        "headersInUtf8AreReadAndWritten, headers in UTF-8 are read and written",
        "needsNeitherMicrometerNorResilience4j, needs neither Micrometer nor Resilience4j",
        "theNamesOfOpenTelemetry, the names of OpenTelemetry",
        "whatTheJVMAllows, what the JVM allows",
    })
    void namesAreSplitIntoWords(String name, String sentence) {
        assertThat(SentenceNames.sentence(name)).isEqualTo(sentence);
    }

    @Test
    void thisIsTheDefaultOfAllTests(TestInfo info) {
        assertThat(info.getDisplayName()).isEqualTo("this is the default of all tests");
    }
}
