package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands where JSON would be read and written if it were clear by which of several mappers. */
final class AmbiguousCodecs implements Codecs {
    private final List<String> mappers;

    AmbiguousCodecs(List<String> mappers) {
        this.mappers = mappers;
    }

    @Override
    public <T> @Nullable Codec<T> find(Class<T> type) {
        return find(BodyType.of(type));
    }

    @Override
    public <T> @Nullable Codec<T> find(BodyType<T> type) {
        if (JacksonCodecs.isCarriedAsItIs(type.raw())) {
            return null;
        }
        throw Refusals.ambiguous("JsonMapper", mappers, "JSON of " + type);
    }
}
