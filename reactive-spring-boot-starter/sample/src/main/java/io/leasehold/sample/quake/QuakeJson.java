package io.leasehold.sample.quake;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;

/**
 * An earthquake as one flat JSON object.
 *
 * <pre>
 * {"time": "2016-01-01T00:30:04.910Z", "latitude": 18.0772, "longitude": -67.1027, "depthKm": 19.91, "magnitude": 2.80,
 *  "magnitudeType": "Md", "gapDegrees": 125.0, "distance": 0.0, "rmsSeconds": 0.44, "source": "pr",
 *  "eventId": "201601012001"}
 * </pre>
 *
 * <p>{@code time}, {@code latitude}, {@code longitude}, {@code depthKm}, {@code magnitude} and {@code source} are
 * required; what is {@code null} in the value is left out. Any mapper reads and writes it, since {@link Quake} names
 * this form itself.
 */
public final class QuakeJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private QuakeJson() {}

    /**
     * Reads one earthquake.
     *
     * @throws QuakeFormatException if the text is not JSON or not an earthquake; it names each field that is wrong
     */
    public static Quake read(String json) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(json);
        } catch (JacksonException notJson) {
            throw new QuakeFormatException(List.of(notJson(notJson)));
        }
        return fromTree(tree);
    }

    private static Quake fromTree(JsonNode tree) {
        if (!tree.isObject()) {
            throw new QuakeFormatException(
                    List.of(new FieldProblem("body", "is not a JSON object", "give one with " + JsonFields.known())));
        }
        return QuakeReader.read(new JsonFields(tree));
    }

    /** Returns the JSON text of an earthquake. */
    public static String write(Quake quake) {
        return MAPPER.writeValueAsString(quake);
    }

    private static FieldProblem notJson(JacksonException failure) {
        String where = "line " + failure.getLocation().getLineNr() + ", column "
                + failure.getLocation().getColumnNr();
        return new FieldProblem(
                "body", "is not JSON at " + where + ": " + failure.getOriginalMessage(), "give one JSON object");
    }

    /** Lets any mapper read an earthquake. */
    static final class Reading extends ValueDeserializer<Quake> {

        @Override
        public Quake deserialize(JsonParser parser, DeserializationContext context) {
            try {
                return fromTree(context.readTree(parser));
            } catch (QuakeFormatException wrong) {
                throw DatabindException.from(parser, wrong.getMessage(), wrong);
            }
        }
    }

    /** Lets any mapper write an earthquake. */
    static final class Writing extends ValueSerializer<Quake> {

        @Override
        public void serialize(Quake quake, JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            json.writeStringProperty(QuakeField.TIME.property(), quake.time().toString());
            writeHypocenter(quake.hypocenter(), json);
            json.writeNumberProperty(
                    QuakeField.MAGNITUDE.property(), quake.magnitude().decimal());
            writeText(QuakeField.MAGNITUDE_TYPE, quake.magnitude().type(), json);
            writeSolution(quake.solution(), json);
            writeText(QuakeField.SOURCE, quake.report().source(), json);
            writeText(QuakeField.EVENT_ID, quake.report().eventId(), json);
            json.writeEndObject();
        }

        private static void writeHypocenter(Hypocenter hypocenter, JsonGenerator json) {
            json.writeNumberProperty(QuakeField.LATITUDE.property(), hypocenter.latitude());
            json.writeNumberProperty(QuakeField.LONGITUDE.property(), hypocenter.longitude());
            json.writeNumberProperty(QuakeField.DEPTH.property(), hypocenter.depthKm());
        }

        private static void writeSolution(Solution solution, JsonGenerator json) {
            if (solution.stations() != null) {
                json.writeNumberProperty(QuakeField.STATIONS.property(), solution.stations());
            }
            writeReal(QuakeField.GAP, solution.gapDegrees(), json);
            writeReal(QuakeField.DISTANCE, solution.distance(), json);
            writeReal(QuakeField.RMS, solution.rmsSeconds(), json);
        }

        private static void writeReal(QuakeField field, @Nullable Double number, JsonGenerator json) {
            if (number != null) {
                json.writeNumberProperty(field.property(), number);
            }
        }

        private static void writeText(QuakeField field, @Nullable String text, JsonGenerator json) {
            if (text != null) {
                json.writeStringProperty(field.property(), text);
            }
        }
    }
}
