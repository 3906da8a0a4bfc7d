package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.Credentials.NKey;
import io.leasehold.nats.connection.Credentials.Password;
import io.leasehold.nats.protocol.JsonWriter;
import io.leasehold.nats.server.TestKey;
import io.leasehold.wire.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of ourselves, and what is never shown of it. */
class CredentialsTest {
    @TempDir
    private Path folder;

    @Test
    void aLineOfJsonHoldsOneLineWhateverIsInIt() {
        char[] secret = "p\"\\\r\n\t\0\u00e9\ud83d\ude00\ud800".toCharArray();
        byte[] line = new JsonWriter()
                .add("user", "u\r\nPUB evil 0\r\n")
                .addSecret("pass", secret)
                .add("echo", true)
                .add("protocol", 1)
                .end();

        assertThat(new String(line, StandardCharsets.UTF_8))
                .isEqualTo("{\"user\":\"u\\u000d\\u000aPUB evil 0\\u000d\\u000a\","
                        + "\"pass\":\"p\\\"\\\\\\u000d\\u000a\\u0009\\u0000\u00e9\ud83d\ude00?\","
                        + "\"echo\":true,\"protocol\":1}");
        assertThat(secret).containsOnly('\0');
    }

    @Test
    void aLongValueIsHeldWhole() {
        String jwt = "x".repeat(10_000);
        assertThat(new String(new JsonWriter().add("jwt", jwt).end(), StandardCharsets.UTF_8))
                .isEqualTo("{\"jwt\":\"" + jwt + "\"}");
    }

    private static void isBad(Throwable error, String file) {
        assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_SETTING);
        assertThat(error.getMessage()).contains(file).doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary",
                "-----BEGIN NATS USER JWT-----\ncanary\n------END NATS USER JWT------\n",
                "-----BEGIN USER NKEY SEED-----\nSUCANARY\n------END USER NKEY SEED------\n",
                "-----BEGIN NATS USER JWT-----\ncan ary\n------END NATS USER JWT------\n"
                        + "-----BEGIN USER NKEY SEED-----\nSUCANARY\n------END USER NKEY SEED------\n"
            })
    void aCredentialsFileThatIsNoneIsRefused(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("c"), text);
        assertThatThrownBy(() -> CredentialsFile.read(file)).satisfies(error -> {
            isBad(error, file.toString());
            assertThat(error.getMessage()).doesNotContain("CANARY");
        });
    }

    @Test
    void aKeyIsNoUseToAServerThatDoesNotAskForASignature() throws Exception {
        Credentials key = new NKey(Secret.of(TestKey.user().seed()));
        assertThatThrownBy(() -> key.prove("", new JsonWriter()))
                .satisfies(error -> assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.NOT_PERMITTED));
    }

    @Test
    void nothingIsShownOfSecrets() {
        assertThat(new Password("u", Secret.of("canary")).toString())
                .contains("u")
                .doesNotContain("canary");
        assertThat(new JsonWriter().add("pass", "canary").toString()).doesNotContain("canary");
    }
}
