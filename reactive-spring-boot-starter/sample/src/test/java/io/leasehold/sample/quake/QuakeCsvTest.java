package io.leasehold.sample.quake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A line of the catalogue becomes an earthquake, or says which of its columns cannot. */
class QuakeCsvTest {

    private static final String FULL =
            "2016/01/01 00:30:58.02,37.4485,-115.9455,12.31,1.27,ML,26,150,28,0.20,NN,524900";
    private static final String SPARSE = "2016/01/01 00:30:04.91,18.0772,-67.1027,-1.50,2.80,,,,,,pr,";

    @Test
    void everyFieldIsRead() {
        assertThat(QuakeCsv.read(FULL))
                .isEqualTo(new Quake(
                        Instant.parse("2016-01-01T00:30:58.020Z"),
                        new Hypocenter(37.4485, -115.9455, 12.31),
                        new Magnitude(127, "ML"),
                        new Solution(26, 150.0, 28.0, 0.2),
                        new Report("NN", "524900")));
    }

    @Test
    void emptyFieldsStayEmpty() {
        Quake quake = QuakeCsv.read(SPARSE);

        assertThat(quake.solution()).isEqualTo(new Solution(null, null, null, null));
        assertThat(quake.report()).isEqualTo(new Report("pr", null));
        assertThat(quake.magnitude()).isEqualTo(new Magnitude(280, null));
        assertThat(quake.hypocenter().depthKm()).isEqualTo(-1.5);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "DateTime, 2016-01-01 00:30:58.02",
        "DateTime, 2016/02/30 00:30:58.02",
        "DateTime, ''",
        "Latitude, 90.0001",
        "Latitude, north",
        "Latitude, ''",
        "Longitude, -180.5",
        "Longitude, ''",
        "Depth, 1000.1",
        "Depth, NaN",
        "Depth, ''",
        "Magnitude, 10.01",
        "Magnitude, -2.01",
        "Magnitude, 4.405",
        "Magnitude, 1e99999999999",
        "Magnitude, 1e-999999999",
        "Magnitude, ''",
        "MagType, M7",
        "NbStations, 2.5",
        "NbStations, -1",
        "Gap, 361",
        "Distance, -0.1",
        "RMS, x",
        "Source, ''",
        "Source, aVeryLongNetworkName",
        "EventID, 12-34",
        "EventID, 123456789012345678901234567890123"
    })
    void aWrongFieldIsNamed(String column, String value) {
        QuakeFormatException wrong = failure(with(column, value));

        assertThat(wrong.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo(column);
            assertThat(problem.problem()).isNotBlank();
            assertThat(problem.remedy()).startsWith("give ");
        });
        assertThat(wrong).hasMessageStartingWith(column + ": ");
    }

    @Test
    void allWrongFieldsAreNamedInTheirOrder() {
        assertThat(failure(",91,x,12.31,1.27,ML,26,150,28,0.20,,524900").problems())
                .extracting(FieldProblem::field)
                .containsExactly("DateTime", "Latitude", "Longitude", "Source");
    }

    @Test
    void aLineWithTooFewOrTooManyFieldsSaysHowMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuakeCsv.read("a,b,c"))
                .withMessageContaining("3 fields instead of 12");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuakeCsv.read(FULL + ","))
                .withMessageContaining("13 fields instead of 12");
    }

    @Test
    void whatIsQuotedInAnErrorIsShortAndOnOneLine() {
        String message = failure(with("MagType", "\u0007" + "x".repeat(1000))).getMessage();

        assertThat(message).hasSizeLessThan(200).doesNotContain("\u0007");
    }

    private static String with(String column, String value) {
        List<String> cells = Arrays.asList(FULL.split(","));
        cells.set(Arrays.asList(QuakeCsv.header().split(",")).indexOf(column), value);
        return String.join(",", cells);
    }

    private static QuakeFormatException failure(String line) {
        QuakeFormatException failure = catchThrowableOfType(QuakeFormatException.class, () -> QuakeCsv.read(line));
        assertThat(failure).as("refusal of %s", line).isNotNull();
        return failure;
    }
}
