package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of Docker, and what is made of its answers; a script answers as it does. */
class DockerServersTest {
    private static final String DOCKER = """
            #!/bin/sh
            echo "$@" >> "$0.asked"
            case "$1 $2" in
              "create nats:2.9") echo "Unable to find image" >&2; exit 125;;
              "create "*) echo "Unable to find image 'nats' locally"; echo "Pull complete"; echo "c-$2";;
              "cp c-nats:2.10:/nats-server") printf '#!/bin/sh\\necho nats-server: v2.10.29\\n' > "$3"; chmod +x "$3";;
              "cp "*) exit 1;;
            esac
            """;

    @TempDir
    Path folder;

    private Path docker() throws IOException {
        Path script = Files.writeString(folder.resolve("docker"), DOCKER);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    @Test
    void theServersOfTheImagesThatCanBeHadAreTaken() throws IOException {
        Path docker = docker();
        List<ServerBinary> found = new DockerServers(docker, folder.resolve("servers")).copied();

        assertThat(found).extracting(ServerBinary::toString).containsExactly("nats-server 2.10.29");
        assertThat(Files.readAllLines(folder.resolve("docker.asked")))
                .contains("rm c-nats:2.10", "rm c-nats:latest")
                .doesNotContain("rm c-nats:2.9");
    }
}
