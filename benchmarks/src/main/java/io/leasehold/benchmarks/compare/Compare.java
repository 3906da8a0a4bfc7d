package io.leasehold.benchmarks.compare;

import io.leasehold.benchmarks.contender.Contender;
import io.leasehold.benchmarks.contender.Task;
import io.leasehold.benchmarks.contender.Trial;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Our client, jnats and a bare socket on the same server, in this JVM: in each round every side does every workload,
 * one side at a time, in an order that changes from round to round; the server is started anew for each round. Sides
 * are divided by each other within a round only, so that whatever else the machine does is in both.
 */
public final class Compare {
    private final Options options;
    private final PrintStream out;
    private final List<Results> results = new ArrayList<>();
    private final IdleResults idle = new IdleResults();

    private Compare(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** The command; ends with 2 when it was told what cannot be, with 1 when a trial failed. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int status = run(List.of(arguments), out);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(List<String> arguments, PrintStream out) throws Exception {
        List<String> names = new ArrayList<>();
        Workloads.all().forEach(each -> names.add(each.name()));
        names.add(Idle.NAME);
        Options options;
        try {
            options = Options.parse(arguments, names);
        } catch (Options.BadOptionException bad) {
            out.println("compare: " + bad.getMessage());
            out.printf(Options.USAGE, String.join(", ", names));
            return 2;
        }

        return new Compare(options, out).run() ? 0 : 1;
    }

    private boolean run() throws Exception {
        for (Workload each : Workloads.all()) {
            if (isWanted(each.name())) {
                results.add(new Results(each));
            }
        }
        int all = options.warm() + options.rounds();
        for (int round = 0; round < all; round++) {
            out.printf("round %d of %d%s%n", round + 1, all, round < options.warm() ? ", to warm up" : "");
            round(round);
        }
        Screen screen = new Screen(out);
        results.forEach(screen::show);
        idle.show(out);
        Numbers.write(options, results, idle);

        return results.stream().allMatch(each -> each.failures().isEmpty()) && !idle.hasFailed();
    }

    private boolean isWanted(String workload) {
        return options.only().isEmpty() || options.only().contains(workload);
    }

    private void round(int round) throws Exception {
        try (NatsProcess server = NatsProcess.start(options.server());
                Admin admin = new Admin(server)) {
            for (Results each : results) {
                round(admin, each, round);
            }
            if (isWanted(Idle.NAME) && round >= options.warm()) {
                idle(admin);
            }
        }
    }

    private void idle(Admin admin) {
        try {
            idle.add(Idle.run(admin, options.messages()));
        } catch (Exception failed) {
            idle.failed(failed);
            failed.printStackTrace(out);
        }
    }

    private void round(Admin admin, Results into, int round) throws Exception {
        List<Contender> contenders = into.workload().contenders();
        Map<String, Sample> samples = new LinkedHashMap<>();
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get((i + round) % contenders.size());
            try {
                samples.put(contender.side(), trial(admin, into.workload(), contender));
            } catch (Exception failed) {
                into.failed(contender.side(), round + 1, failed);
                failed.printStackTrace(out);
            } finally {
                admin.end();
            }
        }
        if (round >= options.warm()) {
            into.add(samples);
        }
    }

    private Sample trial(Admin admin, Workload workload, Contender contender) throws Exception {
        int messages = options.messages() == 0 ? workload.messages() : options.messages();
        Task task = admin.begin(workload, Math.max(1, messages / contender.share()), options.window());
        try (Trial trial = contender.preparation().of(task)) {
            // What others left behind is not paid for here.
            System.gc();
            long server = admin.server().pid();
            Costs before = Costs.before(server);
            double median = trial.run();
            return Sample.of(task, median, Costs.since(before, server));
        }
    }
}
