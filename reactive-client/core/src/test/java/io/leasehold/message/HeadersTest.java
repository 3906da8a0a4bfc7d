package io.leasehold.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.junit.jupiter.api.Test;

/** How headers are collected, and what they refuse. */
class HeadersTest {
    private static Headers of(int pairs) {
        Headers.Builder many = Headers.builder();
        for (int i = 0; i < pairs; i++) {
            many.add("n" + i, "v" + i);
        }
        return many.build();
    }

    private static void isBad(Throwable error) {
        assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_HEADER);
    }

    @Test
    void whatIsCollectedIsWhatWouldBeAddedOneByOne() {
        Headers added = Headers.none().with("A", "1").with("b", " 2 ").with("A", "");
        Headers collected =
                Headers.builder().add("A", "1").add("b", " 2 ").add("A", "").build();

        assertThat(collected).isEqualTo(added);
        assertThat(Headers.builder().build()).isSameAs(Headers.none());
    }

    @Test
    void aMessageHasSoManyHeadersAndNoMore() {
        Headers full = of(Headers.PAIRS_MAX);

        assertThat(full.size()).isEqualTo(Headers.PAIRS_MAX);
        assertThatThrownBy(() -> full.with("one", "more")).satisfies(HeadersTest::isBad);
        assertThatThrownBy(() -> of(Headers.PAIRS_MAX + 1)).satisfies(HeadersTest::isBad);
        assertThat(full.without("N7").with("one", "instead").size()).isEqualTo(Headers.PAIRS_MAX);
    }

    @Test
    void whatDoesNotFitIsLeftOutWhereThatIsAskedFor() {
        Headers fit = Headers.builder()
                .addIfFit("a b", "1")
                .addIfFit("a", "1\n2")
                .addIfFit("a", "\ud800")
                .addIfFit("a", "1")
                .build();

        assertThat(fit).isEqualTo(Headers.none().with("a", "1"));
    }

    @Test
    void aKeyIsOfWholeCharacters() {
        assertThat(Message.to("a").key("\ud83c\udf0b \u00e9").key()).contains("\ud83c\udf0b \u00e9");
        assertThatThrownBy(() -> Message.to("a").key("x\ud83c")).satisfies(HeadersTest::isBad);
        assertThatThrownBy(() -> Message.to("a").key("\udf0b\ud83c")).satisfies(HeadersTest::isBad);
    }
}
