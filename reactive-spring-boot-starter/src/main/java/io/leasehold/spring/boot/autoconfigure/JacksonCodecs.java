package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bodies as JSON, for every type but those that the core carries as they are: bytes, text and whole messages. A body
 * that is JSON null is refused, since there is nothing to hand over.
 */
public final class JacksonCodecs implements Codecs {
    private static final Set<Class<?>> AS_THEY_ARE = Set.of(byte[].class, String.class, Message.class);

    private final JsonMapper mapper;

    /**
     * Codecs by a mapper.
     *
     * @param mapper reads and writes all types
     */
    public JacksonCodecs(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public <T> @Nullable Codec<T> find(Class<T> type) {
        return AS_THEY_ARE.contains(type) ? null : new Json<>(mapper, type);
    }

    private record Json<T>(JsonMapper mapper, Class<T> type) implements Codec<T> {
        @Override
        public byte[] encode(T value) {
            return mapper.writeValueAsBytes(value);
        }

        @Override
        public T decode(Message message) {
            T value = mapper.readValue(message.bytes(), type);
            if (value == null) {
                throw new IllegalArgumentException("the body is JSON null, not a " + type.getName());
            }
            return value;
        }
    }
}
