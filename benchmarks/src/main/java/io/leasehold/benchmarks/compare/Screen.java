package io.leasehold.benchmarks.compare;

import io.leasehold.benchmarks.contender.Contender;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The tables on the screen. */
final class Screen {
    private final PrintStream out;

    Screen(PrintStream out) {
        this.out = out;
    }

    void show(Results results) {
        Workload workload = results.workload();
        out.printf("%n%s: %s; medians [quartiles]%n", workload.name(), workload.what());
        line("", List.of(Figure.values()).stream().map(Figure::title).toList());
        List<Contender> contenders = workload.contenders();
        for (Contender each : contenders) {
            line(each.side(), cells(figure -> results.of(each.side(), figure)));
        }
        String ours = contenders.get(0).side();
        for (Contender each : contenders.subList(1, contenders.size())) {
            line("÷ " + each.side(), cells(figure -> results.ratio(ours, each.side(), figure)));
        }
        for (Goal goal : workload.goals()) {
            double median = results.of(goal).median();
            out.printf(
                    Locale.ROOT,
                    "  %s: %s, is %.2f%n",
                    goal.isReached(median) ? "reached" : "NOT REACHED",
                    goal.text(),
                    median);
        }
        results.failures().forEach(failure -> out.printf("  FAILED: %s%n", failure));
    }

    /** Gives a column its numbers. */
    private interface Column {
        Spread of(Figure figure);
    }

    private static List<String> cells(Column column) {
        return List.of(Figure.values()).stream()
                .map(figure -> text(column.of(figure)))
                .toList();
    }

    private void line(String first, List<String> rest) {
        out.printf("%-22s", first);
        rest.forEach(cell -> out.printf(" %22s", cell));
        out.println();
    }

    /** The middle, and the quartiles around it. */
    static String text(Spread spread) {
        return spread.isKnown()
                ? text(spread.median()) + " [" + text(spread.low()) + ".." + text(spread.high()) + "]"
                : "–";
    }

    private static String text(double value) {
        if (value >= 10_000) {
            return String.format(Locale.ROOT, "%.0fk", value / 1_000);
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
