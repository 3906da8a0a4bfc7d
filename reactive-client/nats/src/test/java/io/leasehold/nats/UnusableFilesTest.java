package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can never work ends the start of a client: with the file, what was found in it, and what to do. */
class UnusableFilesTest {
    private static final String SEED = "SUAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YALCA";

    @TempDir
    Path folder;

    private static void start(UnaryOperator<NatsSettings.Builder> setting) {
        NatsSettings settings = setting.apply(NatsSettings.builder().servers("nats://127.0.0.1:9"))
                .build();
        MessageClient.builder().broker(NatsBroker.of(settings)).build().close().block();
    }

    private static void isRefused(UnaryOperator<NatsSettings.Builder> setting, String... named) {
        List<String> before = Threads.ours();
        assertThatThrownBy(() -> start(setting)).satisfies(error -> {
            assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.BAD_SETTING);
            assertThat(error).hasMessageContainingAll(named);
        });
        Threads.await("no threads are left", NatsRoom.LIMIT, () -> before.containsAll(Threads.ours()));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static String pem(String label) {
        return "-----BEGIN " + label + "-----\nMIIB\n-----END " + label + "-----\n";
    }

    @ParameterizedTest
    @CsvSource({
        "RSA PRIVATE KEY,PKCS 1",
        "EC PRIVATE KEY,SEC 1",
        "ENCRYPTED PRIVATE KEY,password",
        "OPENSSH PRIVATE KEY,OpenSSH",
        "CERTIFICATE,a certificate"
    })
    void aKeyInAnotherForm(String label, String found) throws IOException {
        Path certificate = file("client.pem", pem("CERTIFICATE"));
        Path key = file("client.key", pem(label));
        isRefused(builder -> builder.certificate(certificate).key(key), key.toString(), found, "openssl pkcs8");
    }

    @Test
    void filesThatAreMissingOrHoldSomethingElse() throws IOException {
        Path missing = folder.resolve("missing.pem");
        Path key = file("ca.key", pem("PRIVATE KEY"));
        Path der = file("ca.der", "0\u0082\u0001");
        isRefused(builder -> builder.trust(missing), missing.toString(), "does not exist");
        isRefused(builder -> builder.trust(key), key.toString(), "a private key");
        isRefused(builder -> builder.trust(der), der.toString(), "nothing in PEM");
        isRefused(builder -> builder.trust(file2("broken.pem")), "broken.pem");
        isRefused(builder -> builder.credentialsFile(missing), missing.toString());
        isRefused(builder -> builder.nkeySeedFile(missing), missing.toString());
    }

    private Path file2(String name) {
        try {
            return file(name, pem("CERTIFICATE"));
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void aSeedThatIsNone() throws IOException {
        Path account = file("account.seed", "SA" + SEED.substring(2));
        isRefused(builder -> builder.nkeySeedFile(account), account.toString(), "58 characters");
        isRefused(builder -> builder.nkeySeed("U" + SEED.substring(1)), "58 characters");
        isRefused(builder -> builder.nkeySeed(" "), "empty");
    }

    @Test
    void aNameThatNoCertificateIsCheckedAgainst() {
        isRefused(builder -> builder.tls(NatsTls.REQUIRED).servers(java.util.List.of("nats_1:4222")), "nats_1");
        isRefused(builder -> builder.servers(java.util.List.of("tls://nats_1:4222")), "nats_1");
    }

    @Test
    void blanksAndLineEndsAroundASeedAreCut() {
        start(builder -> builder.nkeySeed(" " + SEED + "\r\n"));
    }
}
