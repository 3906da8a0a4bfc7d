package io.leasehold.nats.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Unpacks the server packages of this release and of newer suites of the same distribution. apt is given copies of
 * the machine's own sources and folders of our own, so that nothing is installed and no rights are needed.
 */
final class DebianServers {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String PACKAGE = "nats-server";
    private static final Path SYSTEM = Path.of("/etc/apt");

    private final Path work;
    private final Path folder;

    private DebianServers(Path work, Path folder) {
        this.work = work;
        this.folder = folder;
    }

    /** Fills {@code folder} with one folder for each version; leaves it as it is where that cannot be done. */
    static void unpackInto(Path folder) {
        if (SystemCommand.find("apt-get") == null || SystemCommand.find("dpkg-deb") == null) {
            return;
        }
        Path work = BuildFolder.fresh("packages");
        try {
            new DebianServers(work, folder).unpack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            BuildFolder.remove(work);
        }
    }

    private void unpack() throws IOException {
        if (!copySources()) {
            return;
        }
        // A suite that is not there makes this fail, but the others have been read.
        apt("apt-get", "-o", "pkgCacheFile::Generate=false", "-q", "update");
        List<String> wanted = new ArrayList<>(List.of("apt-get", "-q", "download"));
        versions().forEach(version -> wanted.add(PACKAGE + "=" + version));
        apt(wanted.toArray(String[]::new));
        List<ServerBinary> binaries = new ArrayList<>();
        for (Path found : packages()) {
            unpack(found).ifPresent(binaries::add);
        }
        // All at once: a build that was stopped leaves none behind rather than some.
        for (ServerBinary binary : binaries) {
            keep(binary);
        }
    }

    private boolean copySources() throws IOException {
        for (String name : List.of("sources", "state/lists/partial", "cache/archives/partial")) {
            Files.createDirectories(work.resolve(name));
        }
        PackageSources sources = suites(Files.readString(Path.of("/etc/os-release")));
        StringBuilder lines = new StringBuilder();
        StringBuilder paragraphs = new StringBuilder();
        for (Path file : sourceFiles()) {
            String text = Files.readString(file);
            if (file.toString().endsWith(".list")) {
                lines.append(sources.ofLines(text));
            } else {
                paragraphs.append(sources.ofParagraphs(text)).append('\n');
            }
        }
        Files.writeString(work.resolve("sources/servers.list"), lines);
        Files.writeString(work.resolve("sources/servers.sources"), paragraphs.toString());
        return !(lines + paragraphs.toString()).isBlank();
    }

    static PackageSources suites(String release) {
        Map<String, String> facts = release.lines()
                .filter(line -> line.contains("="))
                .map(line -> line.replace("\"", "").split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> other));
        String name = facts.getOrDefault("VERSION_CODENAME", "stable");
        boolean ubuntu = facts.getOrDefault("ID", "").equals("ubuntu");
        Stream<String> wanted = ubuntu ? Stream.of(name, "devel") : Stream.of(name, "stable", "unstable");
        Set<String> present = new HashSet<>(List.of("oldstable", "stable", "testing", "unstable", "sid"));
        present.add(name);
        return new PackageSources(present, wanted.distinct().toList());
    }

    private static List<Path> sourceFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isReadable(SYSTEM.resolve("sources.list"))) {
            files.add(SYSTEM.resolve("sources.list"));
        }
        if (Files.isDirectory(SYSTEM.resolve("sources.list.d"))) {
            try (Stream<Path> more = Files.list(SYSTEM.resolve("sources.list.d"))) {
                more.filter(file -> file.toString().matches(".*\\.(list|sources)"))
                        .filter(Files::isReadable)
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    private SystemCommand.Result apt(String program, String... words) {
        List<String> command = new ArrayList<>(List.of(program));
        Map<String, String> options = new LinkedHashMap<>();
        options.put("Dir::Etc::sourcelist", "/dev/null");
        options.put("Dir::Etc::sourceparts", work.resolve("sources").toString());
        options.put("Dir::State", work.resolve("state").toString());
        options.put("Dir::Cache", work.resolve("cache").toString());
        // Root would hand the download to a user who may not write here.
        options.put("APT::Sandbox::User", "root");
        options.put("Acquire::Languages", "none");
        // The lists are read once, by the first who looks into them, and kept for the second.
        options.put("Acquire::GzipIndexes", "false");
        options.put("Dir::Cache::pkgcache", "packages.bin");
        options.put("Acquire::Retries", "1");
        options.put("Acquire::http::Timeout", "20");
        options.put("Acquire::https::Timeout", "20");
        options.forEach((key, value) -> command.addAll(List.of("-o", key + "=" + value)));
        command.addAll(List.of(words));
        return new SystemCommand(work, LIMIT).run(command);
    }

    private SystemCommand.Result apt(String[] words) {
        return apt(words[0], Stream.of(words).skip(1).toArray(String[]::new));
    }

    /** One package for each version of the program: lines are {@code name | version | from where}. */
    private List<String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        apt("apt-cache", "madison", PACKAGE)
                .output()
                .lines()
                .map(line -> line.split("\\|"))
                .filter(parts -> parts.length == 3 && parts[0].strip().equals(PACKAGE))
                .map(parts -> parts[1].strip())
                .forEach(version -> versions.putIfAbsent(version.replaceFirst("-[^-]*$", ""), version));
        return List.copyOf(versions.values());
    }

    private List<Path> packages() throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            return files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
    }

    private Optional<ServerBinary> unpack(Path found) throws IOException {
        Path content = Files.createTempDirectory(work, "content");
        new SystemCommand(work, LIMIT).run("dpkg-deb", "-x", found.toString(), content.toString());
        Path program = content.resolve("usr/sbin/nats-server");
        return Files.isExecutable(program) ? Optional.ofNullable(ServerBinary.of(program)) : Optional.empty();
    }

    // Another build may do the same in the same folder: whoever comes first wins.
    private void keep(ServerBinary binary) throws IOException {
        Path place = folder.resolve(binary.version().toString());
        Path ready = Files.createTempDirectory(work, "ready");
        Files.move(binary.path(), ready.resolve("nats-server"));
        try {
            Files.move(ready, place);
        } catch (FileAlreadyExistsException there) {
            BuildFolder.remove(ready);
        }
    }
}
