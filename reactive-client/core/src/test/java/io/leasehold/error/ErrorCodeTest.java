package io.leasehold.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void eachCodeHasAnIdOfItsOwnByWhichItIsFound() {
        assertThat(ErrorCode.values()).extracting(ErrorCode::id).doesNotHaveDuplicates();
        assertThat(Stream.of(ErrorCode.values()))
                .allMatch(code -> ErrorCode.ofId(code.id()).orElseThrow() == code);
    }
}
