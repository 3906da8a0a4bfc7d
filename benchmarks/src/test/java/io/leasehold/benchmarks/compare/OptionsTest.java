package io.leasehold.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command is told is understood, or refused by name before anything is started. */
class OptionsTest {
    @TempDir
    private Path folder;

    private String program;

    @BeforeEach
    void aProgram() throws Exception {
        program = Files.createFile(
                        folder.resolve("nats-server"),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")))
                .toString();
    }

    @Test
    void onlyTheServerMustBeTold() throws Exception {
        Options options = parse("--nats-server", program);

        assertThat(options.rounds()).isEqualTo(7);
        assertThat(options.warm()).isEqualTo(2);
        assertThat(options.json()).isNull();
        assertThat(options.only()).isEmpty();
        assertThat(options.messages()).isZero();
    }

    @Test
    void everythingCanBeTold() throws Exception {
        String json = folder.resolve("out.json").toString();
        Options options = parse(
                "--nats-server",
                program,
                "--rounds",
                "3",
                "--warm",
                "0",
                "--json",
                json,
                "--only",
                "a, b",
                "--messages",
                "10",
                "--window",
                "64");

        assertThat(options).isEqualTo(new Options(Path.of(program), 3, 0, Path.of(json), List.of("a", "b"), 10, 64));
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertRefused("--nats-server is missing");
        assertRefused("--rounds has no value", "--nats-server", program, "--rounds");
        assertRefused("--rounds: 'many' is no number", "--nats-server", program, "--rounds", "many");
        assertRefused("--rounds: 0 is not in 1..1000", "--nats-server", program, "--rounds", "0");
        assertRefused("--messages: -1 is not in 1..10000000", "--nats-server", program, "--messages", "-1");
        assertRefused("'--quick' is no option", "--nats-server", program, "--quick", "yes");
        assertRefused("--only: 'c' is no workload; there are a, b", "--nats-server", program, "--only", "a,c");
        assertRefused("is no program that could be started", "--nats-server", folder.toString());
        assertRefused("is no file that could be written", "--nats-server", program, "--json", "/none/at/all.json");
    }

    @Test
    void theCommandEndsWithTheReasonAndWhatCouldBeTold() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status = Compare.run(List.of("--only", "nothing"), new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(status).isEqualTo(2);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("compare: --nats-server is missing")
                .contains("--rounds", "publish-128", "consume-written", "idle");
    }

    private static Options parse(String... arguments) throws Options.BadOptionException {
        return Options.parse(List.of(arguments), List.of("a", "b"));
    }

    private static void assertRefused(String why, String... arguments) {
        assertThatThrownBy(() -> parse(arguments))
                .isInstanceOf(Options.BadOptionException.class)
                .hasMessageContaining(why);
    }
}
