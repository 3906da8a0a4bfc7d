package io.leasehold.nats.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers write is read within bounds, and what is written is read as the same. */
class JsonTest {
    private final Json json = new Json(
            new Json.Bounds(3, 20, 5, true),
            () -> new MessagingException(ErrorCode.PROTOCOL, "what", "where", "remedy"));

    private Map<String, Object> read(String text) {
        return json.read(text.getBytes(StandardCharsets.UTF_8), any -> true);
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "a\"b\\c\r\n\u00e9");
        object.put("long", Long.MIN_VALUE);
        object.put("flag", true);
        object.put("list", List.of("x", 2L, List.of()));
        object.put("map", Map.of("y", Map.of()));

        byte[] written = JsonWriter.write(object);

        assertThat(read(new String(written, StandardCharsets.UTF_8))).isEqualTo(object);
    }

    @Test
    void aLineEndInAValueBeginsNoLine() {
        byte[] written = new JsonWriter().add("a", "1\r\n2\u0000").add("b", 3).end();

        assertThat(new String(written, StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":\"1\\u000d\\u000a2\\u0000\",\"b\":3}");
    }

    @Test
    void aSecretIsWipedWhereItStood() {
        char[] secret = {'s', '3'};

        byte[] written = new JsonWriter().addSecret("pass", secret).end();

        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo("{\"pass\":\"s3\"}");
        assertThat(secret).containsOnly('\0');
    }

    @Test
    void nullsAreLeftOutAndNumbersBeyondALongAreCut() {
        assertThat(read("{\"a\":null,\"b\":[null,1.5],\"c\":18446744073709551615,\"d\":-9999999999999999999}"))
                .isEqualTo(Map.of("b", List.of(1.5), "c", Long.MAX_VALUE, "d", Long.MIN_VALUE));
    }

    @Test
    void whatIsNotAskedForIsPassedOver() {
        byte[] text = "{\"a\":{\"b\":[1]},\"b\":2}".getBytes(StandardCharsets.UTF_8);

        assertThat(json.read(text, "b"::equals)).isEqualTo(Map.of("b", 2L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}{}",
                "{\"a\":1,\"a\":2}",
                "{\"abcdef\":1}",
                "{\"a\":[[[1]]]}",
                "{\"a\":111111111111111111111}"
            })
    void whatIsMalformedOrBeyondTheBoundsIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.PROTOCOL));
    }
}
