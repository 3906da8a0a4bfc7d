package io.leasehold.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares a catalogue of scenarios with the tests that are marked to show them. */
final class ScenarioCatalogue {
    private static final Pattern HEADING = Pattern.compile("^### (\\d+)\\. ", Pattern.MULTILINE);
    private static final Pattern SHOWN =
            Pattern.compile("^Shown by:(.*?)(?:\n\n|\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern TO_COME = Pattern.compile("^Still to come: \\S", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    private static final Pattern MARK = Pattern.compile("^ *@Scenario\\(\\{?([\\d, ]+)}?\\)", Pattern.MULTILINE);

    private final SortedMap<Integer, String> scenarios = new TreeMap<>();
    private final SortedMap<Integer, SortedSet<String>> tests = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();

    private ScenarioCatalogue() {}

    /**
     * Finds where catalogue and tests differ.
     *
     * @param catalogue the text of the catalogue
     * @param sources the texts of the test classes, by their simple names
     * @return a sentence for each difference
     */
    static List<String> violations(String catalogue, Map<String, String> sources) {
        ScenarioCatalogue compared = new ScenarioCatalogue();
        compared.readCatalogue(catalogue);
        sources.forEach(compared::readTest);

        compared.scenarios.forEach(compared::compare);
        compared.tests.forEach((number, classes) -> {
            if (!compared.scenarios.containsKey(number)) {
                compared.violations.add("no scenario " + number + " as marked in " + classes);
            }
        });
        return compared.violations;
    }

    private void readCatalogue(String catalogue) {
        String[] texts = HEADING.split(catalogue);
        Matcher heading = HEADING.matcher(catalogue);

        for (int i = 1; heading.find(); i++) {
            int number = Integer.parseInt(heading.group(1));
            if (number != i) {
                violations.add("scenario " + number + " stands where " + i + " should");
            }
            scenarios.put(number, texts[i]);
        }
    }

    private void readTest(String name, String source) {
        Matcher mark = MARK.matcher(source);
        while (mark.find()) {
            for (String number : mark.group(1).split(",")) {
                tests.computeIfAbsent(Integer.valueOf(number.strip()), any -> new TreeSet<>())
                        .add(name);
            }
        }
    }

    private void compare(int number, String text) {
        SortedSet<String> named = named(text);
        SortedSet<String> marked = tests.getOrDefault(number, new TreeSet<>());

        if (!named.equals(marked)) {
            violations.add("scenario " + number + " is shown by " + marked + " and names " + named);
        }
        if (marked.isEmpty() && !TO_COME.matcher(text).find()) {
            violations.add("scenario " + number + " has neither a test nor what is still to come");
        }
    }

    private static SortedSet<String> named(String text) {
        SortedSet<String> named = new TreeSet<>();
        Matcher shown = SHOWN.matcher(text);
        if (shown.find()) {
            Matcher name = NAME.matcher(shown.group(1));
            while (name.find()) {
                named.add(name.group(1));
            }
        }
        return named;
    }
}
