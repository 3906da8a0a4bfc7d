package io.leasehold.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which codec is found for a type. */
class CodecsTest {
    private static final BodyType<List<Integer>> NUMBERS = new BodyType<>() {};
    private static final BodyType<List<String>> TEXTS = new BodyType<>() {};

    /** Does nothing, and is told apart. */
    private static final class Named<T> implements Codec<T> {
        @Override
        public byte[] encode(T value) {
            return new byte[0];
        }

        @Override
        public T decode(Message message) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aTypeWithArgumentsIsNotItsClass() {
        Codec<List<Integer>> codec = new Named<>();
        Codecs codecs = Codecs.of(NUMBERS, codec);

        assertThat(codecs.find(new BodyType<List<Integer>>() {})).isSameAs(codec);
        assertThat(codecs.find(TEXTS)).isNull();
        assertThat(codecs.find(List.class)).isNull();
        assertThat(Codecs.of(List.class, new Named<>()).find(NUMBERS)).isNull();
    }

    @Test
    void aClassIsFoundEitherWay() {
        Codec<Duration> codec = new Named<>();
        Codecs codecs = Codecs.of(Duration.class, codec);

        assertThat(codecs.find(Duration.class)).isSameAs(codec);
        assertThat(codecs.find(BodyType.of(Duration.class))).isSameAs(codec);
        assertThat(Codecs.builtIn().require(BodyType.of(String.class)).encode("a"))
                .containsExactly('a');
    }

    @Test
    void codecsThatKnowClassesOnlyAreAskedForThese() {
        Codec<Object> codec = new Named<>();
        Codecs codecs = new Codecs() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> @Nullable Codec<T> find(Class<T> type) {
                return (Codec<T>) codec;
            }
        };

        assertThat(codecs.<Object>find(BodyType.of(Object.class))).isSameAs(codec);
        assertThat(codecs.find(NUMBERS)).isNull();
    }

    @Test
    void theFirstThatKnowsATypeIsTaken() {
        Codec<List<Integer>> first = new Named<>();
        Codec<List<Integer>> second = new Named<>();
        Codec<List<String>> texts = new Named<>();
        Codecs all =
                Codecs.of(NUMBERS, first).orElse(Codecs.of(NUMBERS, second)).orElse(Codecs.of(TEXTS, texts));

        assertThat(all.find(NUMBERS)).isSameAs(first);
        assertThat(all.find(TEXTS)).isSameAs(texts);
    }

    @Test
    void whatNobodyKnowsIsNamedWithItsArguments() {
        assertThatThrownBy(() -> Codecs.builtIn().require(NUMBERS))
                .isInstanceOfSatisfying(MessagingException.class, missing -> {
                    assertThat(missing.code()).isEqualTo(ErrorCode.CODEC_MISSING);
                    assertThat(missing.subject()).isEqualTo("java.util.List<java.lang.Integer>");
                    assertThat(missing.remedy()).contains("codecs(..)");
                });
        assertThatThrownBy(() -> Codecs.builtIn().require(int[].class))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        missing -> assertThat(missing.subject()).isEqualTo("int[]"));
    }
}
