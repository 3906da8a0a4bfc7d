package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "test://a:1,a:1,false",
        "tests://a.b,a.b:4222,true",
        "TEST://a:4222,a:4222,false",
        "a,a:4222,false",
        "test://nats_server:4222,nats_server:4222,false",
        "nats_1:4222,nats_1:4222,false",
        "nats-0.nats_headless.my_space.svc:4222,nats-0.nats_headless.my_space.svc:4222,false",
        "_x,_x:4222,false",
        "' test://a ',a:4222,false",
        "10.0.0.1:65535,10.0.0.1:65535,false",
        "[::1]:4222,[::1]:4222,false",
        "test://[fe80::1]:4223,[fe80::1]:4223,false"
    })
    void anAddressIsReadAsUsersAndServersWriteIt(String text, String shown, boolean tls) {
        ServerAddress address = ServerAddress.parse(TestLoop.PROTOCOL, text);
        assertThat(address).hasToString(shown);
        assertThat(address.tls()).isEqualTo(tls);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "test://",
                "http://a:4222",
                "a:0",
                "a:65536",
                "a:x",
                "a_b:",
                "-a:1",
                "[a]:1",
                "a:1:2",
                "a\r\nb:1",
                "a b",
                "a/b",
                "test://a:4222/path",
                "test://a?tls=true",
                "test://user:s3cret@a:4222",
                "s3cret@a"
            })
    void whatIsNoAddressIsRefusedAndASecretInItNotRepeated(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(TestLoop.PROTOCOL, text)).satisfies(error -> {
            assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(error).hasMessageNotContaining("s3cret").hasMessageContaining("test.servers");
        });
    }
}
