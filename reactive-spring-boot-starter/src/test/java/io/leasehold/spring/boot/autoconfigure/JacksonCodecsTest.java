package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.message.Codec;
import io.leasehold.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Bodies as JSON. */
class JacksonCodecsTest {
    private final JacksonCodecs codecs = new JacksonCodecs(JsonMapper.builder().build());

    @Test
    void aRecordIsWrittenAndReadAgain() {
        Codec<Quake> codec = codecs.require(Quake.class);
        byte[] body = codec.encode(new Quake("nc", 4.4));
        assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("{\"source\":\"nc\",\"magnitude\":4.4}");
        assertThat(codec.decode(Message.to("quakes.nc").body(body))).isEqualTo(new Quake("nc", 4.4));
    }

    @Test
    void aMapHoldsAnything() {
        Object decoded =
                codecs.require(Map.class).decode(Message.to("quakes.nc").body("{\"magnitude\":4.4}"));
        assertThat(decoded).isEqualTo(Map.of("magnitude", 4.4));
    }

    @ParameterizedTest
    @ValueSource(classes = {byte[].class, String.class, Message.class})
    void whatTheCoreCarriesAsItIsIsLeftToIt(Class<?> type) {
        assertThat(codecs.find(type)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "{", "[]", "{\"magnitude\":\"large\"}"})
    void whatIsNotAQuakeIsRefused(String body) {
        Codec<Quake> codec = codecs.require(Quake.class);
        assertThatThrownBy(() -> codec.decode(Message.to("quakes.nc").body(body)))
                .isInstanceOf(RuntimeException.class);
    }

    /** What the messages are about. */
    record Quake(String source, double magnitude) {}
}
