package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Scenario;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each error of JetStream that a request of ours can meet has a code and words of its own. */
class ApiErrorsTest {
    private static final String TABLE = """
            BROKER_FULL: 10002 10023 10026 10027 10028 10047 10077 10122 10167 10210 10211
            REFUSED: 10003 10012 10037 10039 10052 10061 10074 10076 10109 10113 10116 10120 10121 10125 10133
            NO_RESPONDERS: 10004 10005 10008 10009 10118 10119 10158 10163
            GROUP_MISMATCH: 10013 10058 10065 10084 10093 10098 10099 10100 10101 10105 10131 10132 10136 10138
            GROUP_MISMATCH: 10148
            GROUP_GONE: 10014 10149
            UNSUPPORTED: 10025 10110 10111 10165 10166 10185 10188 10189 10190 10191 10192 10203 10212 10223
            TOO_LARGE: 10054 10097
            NO_GROUP: 10059
            NOT_AS_EXPECTED: 10060 10070 10071 10164 10180 10193
            """;

    private static MessagingException met(int status, int number) {
        return ApiErrors.of(status, number, "as the server says", "here");
    }

    static Stream<Arguments> errors() {
        return TABLE.lines()
                .map(line -> line.split("[: ]+", -1))
                .flatMap(words -> Stream.of(words).skip(1).map(each -> Arguments.of(Integer.parseInt(each), words[0])));
    }

    @ParameterizedTest
    @MethodSource("errors")
    @Scenario(19)
    void eachErrorThatCanBeMetHasACodeAndWordsOfItsOwn(int number, ErrorCode code) {
        MessagingException error = met(500, number);

        assertThat(ApiErrors.isKnown(number)).isTrue();
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.what()).contains("as the server says", Integer.toString(number));
        assertThat(error.remedy()).isNotBlank().doesNotContain("server's log");
    }

    /** What passes is asked again; what never does is told at once. */
    @ParameterizedTest
    @ValueSource(ints = {10025, 10026, 10039, 10047, 10052, 10058, 10065, 10074, 10093, 10099, 10113, 10120})
    void whatNeverPassesIsNotAskedAgain(int number) {
        assertThat(met(503, number).code()).isNotEqualTo(ErrorCode.NO_RESPONDERS);
    }

    @Test
    void numbersOfNewerServersGoByTheirStatus() {
        assertThat(met(503, 19999).code()).isEqualTo(ErrorCode.NO_RESPONDERS);
        assertThat(met(429, 19999).code()).isEqualTo(ErrorCode.BROKER_FULL);
        assertThat(met(400, 19999).code()).isEqualTo(ErrorCode.REFUSED);
    }
}
