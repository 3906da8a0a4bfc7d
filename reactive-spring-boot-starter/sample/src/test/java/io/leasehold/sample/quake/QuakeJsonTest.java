package io.leasehold.sample.quake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An earthquake as a JSON object, and back. */
class QuakeJsonTest {

    private static final Quake FULL = new Quake(
            Instant.parse("2016-01-01T00:30:58.020Z"),
            new Hypocenter(37.4485, -115.9455, 12.31),
            new Magnitude(120, "ML"),
            new Solution(26, 150.0, 28.0, 0.2),
            new Report("NN", "524900"));
    private static final Quake SPARSE = new Quake(
            Instant.parse("2016-01-01T00:30:58Z"),
            new Hypocenter(-90, 180, -1),
            new Magnitude(-5, null),
            new Solution(null, null, null, null),
            new Report("us", null));

    private final JsonMapper mapper = JsonMapper.builder().build();

    @Test
    void isOneFlatObject() {
        assertThat(QuakeJson.write(FULL))
                .isEqualTo("{\"time\":\"2016-01-01T00:30:58.020Z\",\"latitude\":37.4485,\"longitude\":-115.9455,"
                        + "\"depthKm\":12.31,\"magnitude\":1.20,\"magnitudeType\":\"ML\",\"stations\":26,"
                        + "\"gapDegrees\":150.0,\"distance\":28.0,\"rmsSeconds\":0.2,\"source\":\"NN\","
                        + "\"eventId\":\"524900\"}");
    }

    @Test
    void leavesOutWhatIsEmpty() {
        assertThat(QuakeJson.write(SPARSE))
                .isEqualTo("{\"time\":\"2016-01-01T00:30:58Z\",\"latitude\":-90.0,\"longitude\":180.0,"
                        + "\"depthKm\":-1.0,\"magnitude\":-0.05,\"source\":\"us\"}");
    }

    @Test
    void comesBackAsItWas() {
        assertThat(QuakeJson.read(QuakeJson.write(FULL))).isEqualTo(FULL);
        assertThat(QuakeJson.read(QuakeJson.write(SPARSE))).isEqualTo(SPARSE);
    }

    @Test
    void anyMapperReadsAndWritesIt() {
        assertThat(mapper.writeValueAsString(FULL)).isEqualTo(QuakeJson.write(FULL));
        assertThat(mapper.readValue(QuakeJson.write(FULL), Quake.class)).isEqualTo(FULL);
    }

    @Test
    void anyMapperNamesTheWrongField() {
        assertThatExceptionOfType(DatabindException.class)
                .isThrownBy(() -> mapper.readValue(with("latitude", "91"), Quake.class))
                .withMessageContaining("latitude")
                .withCauseInstanceOf(QuakeFormatException.class);
    }

    @Test
    void nullMeansLeftOut() {
        assertThat(QuakeJson.read(with("eventId", "null")).report().eventId()).isNull();
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "time, \"yesterday\"",
                "time, 1451608258",
                "time, null",
                "latitude, \"37.4\"",
                "latitude, -91",
                "longitude, [1]",
                "longitude, 1e400",
                "depthKm, null",
                "magnitude, 4.405",
                "magnitude, 11",
                "magnitude, {}",
                "magnitude, true",
                "magnitudeType, 7",
                "stations, 2.5",
                "gapDegrees, -1",
                "distance, \"near\"",
                "rmsSeconds, -0.1",
                "source, \"\"",
                "source, null",
                "source, \"n\\u0000c\"",
                "eventId, 524900",
                "eventId, \"a b\"",
                "colour, \"red\""
            })
    void aWrongFieldIsNamed(String field, String value) {
        assertThat(failure(with(field, value)).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.remedy()).isNotBlank();
        });
    }

    @Test
    void allMissingFieldsAreNamed() {
        assertThat(failure("{}").problems())
                .extracting(FieldProblem::field)
                .containsExactly("time", "latitude", "longitude", "depthKm", "magnitude", "source");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nothing", "[]", "17", "\"x\"", "null", "{", "{} {}", "{\"source\":\"a\",\"source\":\"b\"}"})
    void whatIsNoObjectIsAProblemOfTheBody(String text) {
        assertThat(failure(text).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("body"));
    }

    @Test
    void whatIsNoJsonSaysWhere() {
        assertThat(failure("{\n  \"time\": oops}")).hasMessageContaining("line 2, column");
    }

    private String with(String field, String value) {
        ObjectNode tree = (ObjectNode) mapper.readTree(QuakeJson.write(FULL));
        tree.set(field, mapper.readTree(value));
        return tree.toString();
    }

    private static QuakeFormatException failure(String json) {
        QuakeFormatException failure = catchThrowableOfType(QuakeFormatException.class, () -> QuakeJson.read(json));
        assertThat(failure).as("refusal of %s", json).isNotNull();
        return failure;
    }
}
