package io.leasehold.nats.protocol;

import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON of servers, within bounds, as maps, lists, texts, {@code Long}, {@code Double} and {@code Boolean}; a
 * null is left out. Whole numbers beyond a {@code long} are cut to its bounds: servers 2.10 tell sizes near 2^64. See
 * {@link JsonWriter} for the other way.
 */
public final class Json {
    private final JsonFactory factory;
    private final Supplier<MessagingException> malformed;

    /**
     * Says what is refused.
     *
     * @param depth objects and arrays inside of each other, beyond so many
     * @param number digits of a number, beyond so many
     * @param name characters of a name, beyond so many
     * @param duplicates names that an object has twice; else the last one counts
     */
    public record Bounds(int depth, int number, int name, boolean duplicates) {}

    /**
     * Makes a reader for one kind of JSON.
     *
     * @param malformed makes the error for what is beyond the bounds or no object
     */
    public Json(Bounds bounds, Supplier<MessagingException> malformed) {
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(bounds.depth())
                        .maxNumberLength(bounds.number())
                        .maxNameLength(bounds.name())
                        .build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, bounds.duplicates())
                .build();
        this.malformed = malformed;
    }

    /**
     * Reads one object.
     *
     * @param kept which fields of the object are kept; the others are passed over
     * @throws MessagingException the error for what is malformed
     */
    public Map<String, Object> read(byte[] bytes, Predicate<String> kept) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed.get();
            }

            Map<String, Object> object = object(parser, kept);
            if (parser.nextToken() != null) {
                throw malformed.get();
            }
            return object;
        } catch (JacksonException wrong) {
            // Its message would repeat what a stranger wrote.
            throw malformed.get();
        }
    }

    private static Map<String, Object> object(JsonParser parser, Predicate<String> kept) {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (!kept.test(name)) {
                parser.skipChildren();
                continue;
            }
            Object value = value(parser);
            if (value != null) {
                object.put(name, value);
            }
        }

        return object;
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, any -> true);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static long whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> parser.getBigIntegerValue().signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        };
    }

    private static List<Object> array(JsonParser parser) {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(parser);
            if (value != null) {
                array.add(value);
            }
        }

        return array;
    }
}
