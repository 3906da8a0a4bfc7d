package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON of the JetStream API, as maps, lists, texts, {@code Long}, {@code Double} and {@code Boolean}; a null is left
 * out. Whole numbers beyond a {@code long} are cut to its bounds: servers 2.10 tell sizes near 2^64.
 */
final class Json {
    private static final int DEPTH_MAX = 32;
    private static final int NUMBER_MAX = 40;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_MAX)
                    .build())
            .build();

    private Json() {}

    /**
     * Reads one object.
     *
     * @throws MessagingException {@link ErrorCode#PROTOCOL}
     */
    static Map<String, Object> read(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed();
            }
            Map<String, Object> object = object(parser);
            if (parser.nextToken() != null) {
                throw malformed();
            }
            return object;
        } catch (JacksonException wrong) {
            // Its message would repeat what a stranger wrote.
            throw malformed();
        }
    }

    private static MessagingException malformed() {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "an answer of JetStream is not the JSON that its API wants",
                "JetStream",
                "check what answers on $JS.API in this account");
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                object.put(name, value);
            }
        }
        return object;
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
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

    /** Writes one object. */
    static byte[] write(Map<String, ?> object) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(generator, object);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator generator, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            generator.writeStartObject();
            object.forEach((name, each) -> {
                generator.writeName(String.valueOf(name));
                write(generator, each);
            });
            generator.writeEndObject();
        } else if (value instanceof List<?> array) {
            generator.writeStartArray();
            array.forEach(each -> write(generator, each));
            generator.writeEndArray();
        } else if (value instanceof Number number) {
            generator.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else {
            generator.writeString(String.valueOf(value));
        }
    }
}
