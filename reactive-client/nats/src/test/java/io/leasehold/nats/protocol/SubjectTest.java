package io.leasehold.nats.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing gets into a line or a header that a server could take for something else. */
class SubjectTest {

    private static void isRefused(Throwable error) {
        assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_TOPIC);
        assertThat(error.getMessage()).matches("[ -~]*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "quakes.nc", "$JS.ACK.s.c.1.2.3.4.5", "_INBOX.a-b_c", "1"})
    void whatCanBePublishedToIsTakenAsItIs(String name) {
        assertThat(Subject.of(name).toString()).isEqualTo(name);
        assertThat(Subject.of(name)).isEqualTo(Subject.filter(name)).hasSameHashCodeAs(Subject.filter(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", ">", "a.*", "a.>", "*.b.*", "*.>"})
    void wildcardsStandForWholeTokensInFiltersOnly(String filter) {
        assertThat(Subject.filter(filter).toString()).isEqualTo(filter);
        assertThatThrownBy(() -> Subject.of(filter)).satisfies(SubjectTest::isRefused);
        assertThatThrownBy(() -> Subject.queue(filter)).satisfies(SubjectTest::isRefused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".a", "a.", "a..b", ">.a", "a.>.b", "**", "a*b", "a>", "a b", "q 1\r\nPUB evil 1"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> Subject.of(name)).satisfies(SubjectTest::isRefused);
        assertThatThrownBy(() -> Subject.filter(name)).satisfies(SubjectTest::isRefused);
    }

    @Test
    void noCharacterButPrintableAsciiGetsThroughAnywhere() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            boolean good = c > ' ' && c < 127;
            String name = "a" + (char) c + "b";
            if (!good) {
                assertThatThrownBy(() -> Subject.of(name)).satisfies(SubjectTest::isRefused);
                assertThatThrownBy(() -> Subject.filter(name)).satisfies(SubjectTest::isRefused);
                assertThatThrownBy(() -> Subject.queue(name)).satisfies(SubjectTest::isRefused);
            }
        }
    }

    @Test
    void aNameHasALongestLength() {
        assertThat(Subject.of("a".repeat(Subject.BYTES_MAX)).bytes()).hasSize(Subject.BYTES_MAX);
        assertThatThrownBy(() -> Subject.of("a".repeat(Subject.BYTES_MAX + 1))).satisfies(SubjectTest::isRefused);
    }

    @Test
    void noHeaderCanEndItsLine() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String with = "v" + (char) c + "Nats-Msg-Id: forged";
            Headers headers;
            try {
                headers = Headers.none().with("name", with);
            } catch (MessagingException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.BAD_HEADER);
                continue;
            }
            String block = new String(HeaderBlock.of(headers), StandardCharsets.UTF_8);
            assertThat(block).isEqualTo("NATS/1.0\r\nname: " + with + "\r\n\r\n");
            assertThat(with).doesNotContain("\r").doesNotContain("\n").doesNotContain("\0");
        }
    }

    @Test
    void aHeaderMayHaveAnyCharacterThatIsWhole() {
        String volcano = "\u706b\u5c71 \ud83c\udf0b";
        Headers headers = Headers.none().with("name", volcano);
        assertThat(new String(HeaderBlock.of(headers), StandardCharsets.UTF_8)).contains("name: " + volcano + "\r\n");
        for (String half : List.of("\ud83c", "\udf0b", "\udf0b\ud83c", "a\ud83c\ud83c\udf0b")) {
            assertThatThrownBy(() -> Headers.none().with("name", half))
                    .satisfies(error ->
                            assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_HEADER));
        }
    }
}
