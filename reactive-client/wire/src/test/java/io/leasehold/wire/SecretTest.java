package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only we and the server know is read when it is needed, and never shown. */
class SecretTest {
    @TempDir
    private Path folder;

    @Test
    void aSecretInAFileIsReadEachTimeWithoutTheBlanksAroundIt() throws Exception {
        Path file = Files.writeString(folder.resolve("s"), " one \r\n");
        Secret secret = Secret.inFile(file);

        assertThat(secret.read()).containsExactly('o', 'n', 'e');
        Files.writeString(file, "zwei\u00e9");

        assertThat(secret.read()).containsExactly('z', 'w', 'e', 'i', '\u00e9');
        assertThat(secret).isEqualTo(Secret.inFile(file)).isNotEqualTo(Secret.of("zwei"));
        assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).isNotEqualTo(Secret.of("b"));
    }

    @Test
    void aFileThatIsMissingOrTooLongIsNamedAndNotShown() throws Exception {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Secret.inFile(missing).read()).satisfies(error -> isBad(error, missing.toString()));
        Path large = Files.writeString(folder.resolve("large"), "canary".repeat(20_000));
        assertThatThrownBy(() -> Secret.inFile(large).read()).satisfies(error -> isBad(error, large.toString()));
    }

    private static void isBad(Throwable error, String file) {
        assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_SETTING);
        assertThat(error.getMessage()).contains(file).doesNotContain("canary");
    }

    @Test
    void nothingIsShownOfIt() {
        assertThat(Secret.of("canary")).asString().doesNotContain("canary");
    }
}
