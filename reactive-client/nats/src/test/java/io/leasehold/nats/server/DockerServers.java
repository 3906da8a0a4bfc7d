package io.leasehold.nats.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes servers out of the official images, where Docker runs. Nothing is started in a container: tests stop and kill
 * servers and look into their folders, so that they want processes of this machine.
 */
final class DockerServers {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> IMAGES = List.of("nats:2.9", "nats:2.10", "nats:latest");

    private final Path docker;
    private final Path folder;

    /** With the program {@code docker}, into one folder for each image. */
    DockerServers(Path docker, Path folder) {
        this.docker = docker;
        this.folder = folder;
    }

    /** The servers of the images that can be had. */
    List<ServerBinary> copied() throws IOException {
        List<ServerBinary> found = new ArrayList<>();
        for (String image : IMAGES) {
            ServerBinary server = copy(image);
            if (server != null) {
                found.add(server);
            }
        }
        return found;
    }

    private ServerBinary copy(String image) throws IOException {
        SystemCommand.Result made = run("create", image);
        if (!made.succeeded()) {
            return null;
        }
        // What is said of the download comes first.
        List<String> lines = made.output().lines().toList();
        String container = lines.get(lines.size() - 1);
        Path program =
                Files.createDirectories(folder.resolve(image.replace(':', '-'))).resolve("nats-server");
        boolean copied =
                run("cp", container + ":/nats-server", program.toString()).succeeded();
        run("rm", container);
        return copied ? ServerBinary.of(program) : null;
    }

    private SystemCommand.Result run(String... words) {
        List<String> command = new ArrayList<>(List.of(docker.toString()));
        command.addAll(List.of(words));
        return new SystemCommand(BuildFolder.work(), LIMIT).run(command);
    }
}
