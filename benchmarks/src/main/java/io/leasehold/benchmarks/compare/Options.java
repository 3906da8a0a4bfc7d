package io.leasehold.benchmarks.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command was told.
 *
 * @param server the program of the server
 * @param rounds how many rounds count
 * @param warm how many come before them and do not count
 * @param json where the numbers go; null for the screen alone
 * @param only the workloads that run; all when empty
 * @param messages how many messages each of them has; 0 for its own number
 * @param window how many publishes are unconfirmed at once, on all sides
 */
record Options(Path server, int rounds, int warm, @Nullable Path json, List<String> only, int messages, int window) {
    /** What can be told. */
    static final String USAGE = """
            compare --nats-server BIN [--rounds 7] [--warm 2] [--json FILE]
                    [--only NAME,...] [--messages N] [--window 4096]

              --nats-server  the nats-server to run against; it is started anew for each round
              --rounds       rounds that count
              --warm         rounds before them that do not
              --json         a file for all numbers
              --only         some of the workloads: %s
              --messages     messages of each workload and round, instead of its own number
              --window       publishes in flight, on all sides
            """;

    private static final int ROUNDS_MAX = 1_000;
    private static final int MESSAGES_MAX = 10_000_000;
    private static final int WINDOW_MAX = 65_536;

    /** What was told cannot be. */
    static final class BadOptionException extends Exception {
        private static final long serialVersionUID = 1L;

        BadOptionException(String what) {
            super(what);
        }
    }

    /** Reads the arguments. */
    static Options parse(List<String> arguments, List<String> workloads) throws BadOptionException {
        Options options = new Options(Path.of(""), 7, 2, null, List.of(), 0, 4_096);
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new BadOptionException(name + " has no value");
            }
            options = options.with(name, arguments.get(i + 1));
        }
        if (options.server.toString().isEmpty()) {
            throw new BadOptionException("--nats-server is missing");
        }

        for (String name : options.only) {
            if (!workloads.contains(name)) {
                throw new BadOptionException(
                        "--only: '" + name + "' is no workload; there are " + String.join(", ", workloads));
            }
        }
        return options;
    }

    private Options with(String name, String value) throws BadOptionException {
        return switch (name) {
            case "--nats-server" -> new Options(program(value), rounds, warm, json, only, messages, window);
            case "--rounds" ->
                new Options(server, number(name, value, 1, ROUNDS_MAX), warm, json, only, messages, window);
            case "--warm" ->
                new Options(server, rounds, number(name, value, 0, ROUNDS_MAX), json, only, messages, window);
            case "--json" -> new Options(server, rounds, warm, writable(value), only, messages, window);
            case "--only" -> new Options(server, rounds, warm, json, names(value), messages, window);
            case "--messages" ->
                new Options(server, rounds, warm, json, only, number(name, value, 1, MESSAGES_MAX), window);
            case "--window" ->
                new Options(server, rounds, warm, json, only, messages, number(name, value, 1, WINDOW_MAX));
            default -> throw new BadOptionException("'" + name + "' is no option");
        };
    }

    private static Path program(String value) throws BadOptionException {
        Path program = Path.of(value).toAbsolutePath();
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            throw new BadOptionException("--nats-server: " + value + " is no program that could be started");
        }
        return program;
    }

    // Told now, and not after half an hour.
    private static Path writable(String value) throws BadOptionException {
        Path file = Path.of(value).toAbsolutePath();
        Path folder = file.getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isWritable(folder)) {
            throw new BadOptionException("--json: " + value + " is no file that could be written");
        }
        return file;
    }

    private static List<String> names(String value) {
        List<String> names = new ArrayList<>();
        for (String name : value.split(",", -1)) {
            names.add(name.strip());
        }
        return names;
    }

    private static int number(String name, String value, int least, int most) throws BadOptionException {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException told) {
            throw new BadOptionException(name + ": '" + value + "' is no number");
        }
        throw new BadOptionException(name + ": " + value + " is not in " + least + ".." + most);
    }
}
