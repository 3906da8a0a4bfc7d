package io.leasehold.test;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what happened when in a scenario, and tells it with each assertion that fails. */
final class History {
    private static final int LINES_MAX = 5_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final ScenarioTime time;
    // Also threads of blocking handlers note what they do.
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AtomicInteger left = new AtomicInteger();

    History(ScenarioTime time) {
        this.time = time;
    }

    /** Notes something that a member, or the test, did or saw. */
    void note(String who, String what) {
        if (lines.size() < LINES_MAX) {
            lines.add(String.format(Locale.ROOT, "%12.3f s  %-10s %s", time.nanos() / NANOS_PER_SECOND, who, what));
        } else {
            left.incrementAndGet();
        }
    }

    /** Makes the error of an assertion that failed. */
    AssertionError failure(String expected, String seen) {
        StringBuilder text = new StringBuilder()
                .append("\nexpected: ")
                .append(expected)
                .append("\n     but: ")
                .append(seen)
                .append("\nThe scenario, in virtual time:\n");
        for (String line : lines) {
            text.append(line).append('\n');
        }
        if (left.get() > 0) {
            text.append("    and ").append(left).append(" lines more\n");
        }
        return new AssertionError(text.toString());
    }
}
