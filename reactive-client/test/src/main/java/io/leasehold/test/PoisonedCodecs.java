package io.leasehold.test;

import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/** Decodes as others do, but for bodies that are poisoned: there it throws, as a codec does which cannot read them. */
final class PoisonedCodecs implements Codecs {
    private final Codecs codecs;
    private final String header;

    PoisonedCodecs(Codecs codecs, String header) {
        this.codecs = codecs;
        this.header = header;
    }

    @Override
    public <T> @Nullable Codec<T> find(Class<T> type) {
        return poisonable(type, codecs.find(type));
    }

    @Override
    public <T> @Nullable Codec<T> find(BodyType<T> type) {
        return poisonable(type.type(), codecs.find(type));
    }

    private <T> @Nullable Codec<T> poisonable(Object type, @Nullable Codec<T> codec) {
        return codec == null || type == byte[].class || type == Message.class ? codec : new Poisonable<>(codec, header);
    }

    private record Poisonable<T>(Codec<T> codec, String header) implements Codec<T> {
        @Override
        public byte[] encode(T value) {
            return codec.encode(value);
        }

        @Override
        public @Nullable T decode(Message message) {
            if (message.headers().first(header).isPresent()) {
                throw new IllegalArgumentException("a poisoned body");
            }
            return codec.decode(message);
        }
    }
}
