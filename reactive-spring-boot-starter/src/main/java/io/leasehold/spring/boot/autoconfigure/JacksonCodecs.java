package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bodies as JSON, for every type but those that the core carries as they are: bytes, text and whole messages. Type
 * arguments are kept. A body that is JSON null is refused, since there is nothing to hand over, unless the type
 * {@linkplain BodyType#orNull() takes null}.
 */
public final class JacksonCodecs implements Codecs {
    private static final Set<Class<?>> AS_THEY_ARE = Set.of(byte[].class, String.class, Message.class);

    private final JsonMapper mapper;

    /**
     * Makes codecs of a mapper.
     *
     * @param mapper reads and writes all types
     */
    public JacksonCodecs(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Tells whether the core has a codec for a type, and nobody else is asked. */
    static boolean isCarriedAsItIs(Class<?> type) {
        return AS_THEY_ARE.contains(type);
    }

    @Override
    public <T> @Nullable Codec<T> find(Class<T> type) {
        return AS_THEY_ARE.contains(type) ? null : new OfClass<>(mapper, type);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable Codec<T> find(BodyType<T> type) {
        if (AS_THEY_ARE.contains(type.raw())) {
            return null;
        }
        if (type.type() instanceof Class<?> plain && !type.isNullable()) {
            return find((Class<T>) plain);
        }
        JavaType known = mapper.constructType(type.type());
        return new OfType<>(mapper.readerFor(known), mapper.writerFor(known), type);
    }

    private static <T> T required(@Nullable T value, String type) {
        if (value == null) {
            throw new IllegalArgumentException("the body is JSON null, not a " + type);
        }
        return value;
    }

    /** What a class says is enough. */
    private record OfClass<T>(JsonMapper mapper, Class<T> type) implements Codec<T> {
        @Override
        public byte[] encode(T value) {
            return mapper.writeValueAsBytes(value);
        }

        @Override
        public T decode(Message message) {
            return required(mapper.readValue(message.bytes(), type), type.getTypeName());
        }
    }

    /** With type arguments. */
    private record OfType<T>(ObjectReader reader, ObjectWriter writer, BodyType<T> type) implements Codec<T> {
        @Override
        public byte[] encode(T value) {
            return writer.writeValueAsBytes(value);
        }

        @Override
        public @Nullable T decode(Message message) {
            T value = reader.readValue(message.bytes());
            return type.isNullable() ? value : required(value, type.toString());
        }
    }
}
