package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.leasehold.message.BodyType;
import io.leasehold.message.Codec;
import io.leasehold.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Bodies as JSON. */
class JacksonCodecsTest {
    private static final BodyType<List<Quake>> QUAKES = new BodyType<>() {};

    private final JacksonCodecs codecs = new JacksonCodecs(JsonMapper.builder().build());

    @Test
    void aRecordIsWrittenAndReadAgain() {
        Codec<Quake> codec = codecs.require(Quake.class);
        byte[] body = codec.encode(new Quake("nc", 4.4));

        assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("{\"source\":\"nc\",\"magnitude\":4.4}");
        assertThat(codec.decode(Message.to("quakes.nc").body(body))).isEqualTo(new Quake("nc", 4.4));
    }

    @Test
    void whatAMessageHasAsAValueIsWrittenByTheSameCodec() {
        Message one = codecs.encoded(Message.to("quakes.nc").body(new Quake("nc", 4.4)));
        assertThat(one.text()).isEqualTo("{\"source\":\"nc\",\"magnitude\":4.4}");

        Message many = codecs.encoded(Message.to("quakes.nc").body(List.of(new Quake("nc", 4.4)), QUAKES));

        assertThat(codecs.require(QUAKES).decode(many)).containsExactly(new Quake("nc", 4.4));
    }

    @Test
    void aMapHoldsAnything() {
        Object decoded =
                codecs.require(Map.class).decode(Message.to("quakes.nc").body("{\"magnitude\":4.4}"));
        assertThat(decoded).isEqualTo(Map.of("magnitude", 4.4));
    }

    @Test
    void typeArgumentsAreKept() {
        Codec<List<Quake>> codec = codecs.require(QUAKES);
        byte[] body = codec.encode(List.of(new Quake("nc", 4.4), new Quake("us", 6.1)));
        assertThat(codec.decode(Message.to("quakes.all").body(body)))
                .containsExactly(new Quake("nc", 4.4), new Quake("us", 6.1));

        Map<String, List<Quake>> bySource = codecs.require(new BodyType<Map<String, List<Quake>>>() {})
                .decode(Message.to("quakes.all").body("{\"nc\":[{\"source\":\"nc\",\"magnitude\":4.4}]}"));

        assertThat(bySource).containsExactly(Map.entry("nc", List.of(new Quake("nc", 4.4))));
    }

    @Test
    void whatIsEncodedIsTheTypeThatIsGivenNotTheClassOfTheValue() {
        Codec<List<Shape>> codec = codecs.require(new BodyType<List<Shape>>() {});
        byte[] body = codec.encode(List.of(new Circle(2)));

        assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo("[{\"kind\":\"circle\",\"radius\":2}]");
        assertThat(codec.decode(Message.to("shapes").body(body))).containsExactly(new Circle(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "{}", "[1]", "[{\"magnitude\":\"large\"}]"})
    void whatIsNoListOfQuakesIsRefused(String body) {
        Codec<List<Quake>> codec = codecs.require(QUAKES);
        assertThatThrownBy(() -> codec.decode(Message.to("quakes.all").body(body)))
                .isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @ValueSource(classes = {byte[].class, String.class, Message.class})
    void whatTheCoreCarriesAsItIsIsLeftToIt(Class<?> type) {
        assertThat(codecs.find(type)).isNull();
        assertThat(codecs.find(BodyType.of(type))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "{", "[]", "{\"magnitude\":\"large\"}"})
    void whatIsNotAQuakeIsRefused(String body) {
        Codec<Quake> codec = codecs.require(Quake.class);
        assertThatThrownBy(() -> codec.decode(Message.to("quakes.nc").body(body)))
                .isInstanceOf(RuntimeException.class);
    }

    /** Told apart by a property that only the declared type asks for. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
    interface Shape {}

    /** A shape. */
    record Circle(int radius) implements Shape {}

    /** What the messages are about. */
    record Quake(String source, double magnitude) {}
}
