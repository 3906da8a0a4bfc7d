package io.leasehold.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts are ids, in whatever way they are made. */
class MessageIdTest {
    private static void isRefused(ThrowingCallable made) {
        assertThatThrownBy(made).satisfies(error -> {
            assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_MESSAGE_ID);
            assertThat(error.getMessage()).matches("[ -~]*");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "  ",
                " a",
                "a ",
                "a\tb",
                "x\r\nNats-Expected-Stream: y",
                "x\u010d\u010aNats-Rollup: all",
                "\u00e9",
                "a\u0000",
                "a\u007f"
            })
    void whatAHeaderCouldNotCarryIsNoIdNorTheStemOfOne(String text) {
        isRefused(() -> MessageId.of(text));
        isRefused(() -> MessageId.of(text, 7));
    }

    @Test
    void aNumberedIdIsTheTextThatItReadsAs() {
        MessageId numbered = MessageId.of("stem-").numbered(1234);
        assertThat(numbered.value()).isEqualTo("stem-16i");
        assertThat(numbered).isEqualTo(MessageId.of("stem-16i")).isEqualTo(MessageId.of("stem-", 1234));
        assertThat(numbered.numbered(5).value()).isEqualTo("stem-16i5");
    }

    @Test
    void anIdHasABoundHoweverItIsMade() {
        String longest = "x".repeat(MessageId.MAX_LENGTH);
        assertThat(MessageId.of(longest).length()).isEqualTo(MessageId.MAX_LENGTH);

        isRefused(() -> MessageId.of(longest + "x"));
        isRefused(() -> MessageId.of(longest).numbered(1));
        assertThat(MessageId.of(longest.substring(13)).numbered(Long.MAX_VALUE).length())
                .isEqualTo(MessageId.MAX_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void onlyNumbersAboveZeroAreAppended(long number) {
        isRefused(() -> MessageId.of("stem").numbered(number));
    }

    @Test
    void blanksWithinAreKept() {
        assertThat(MessageId.of("a b").value()).isEqualTo("a b");
    }
}
