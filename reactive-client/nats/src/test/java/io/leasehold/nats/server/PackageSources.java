package io.leasehold.nats.server;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The package sources of this machine, asked for other suites. Only the entries of the release itself are taken over,
 * with everything in them but the suite: who else offers packages has no such suites.
 *
 * @param present names under which the machine's own release may be written
 * @param wanted the suites to ask instead
 */
record PackageSources(Set<String> present, List<String> wanted) {
    private static final Pattern SUITES = Pattern.compile("(?mi)^Suites:[ \\t]*(.*)$");
    private static final Pattern DISABLED = Pattern.compile("(?mi)^Enabled:[ \\t]*(no|false|0)[ \\t]*$");
    private static final Pattern ONE_LINE = Pattern.compile("(deb\\s+(?:\\[[^\\]]*\\]\\s+)?\\S+\\s+)(\\S+)(\\s+\\S.*)");

    /** A file of paragraphs ({@code .sources}); empty when none is of our release. */
    String ofParagraphs(String text) {
        return Arrays.stream(text.split("\\n[ \\t]*\\n"))
                .map(this::ofParagraph)
                .filter(Predicate.not(String::isEmpty))
                .collect(Collectors.joining("\n"));
    }

    private String ofParagraph(String paragraph) {
        Matcher suites = SUITES.matcher(paragraph);
        boolean ours = suites.find() && names(suites.group(1)).anyMatch(present::contains);
        if (!ours || DISABLED.matcher(paragraph).find()) {
            return "";
        }
        return suites.replaceAll("Suites: " + String.join(" ", wanted)).strip() + "\n";
    }

    private static java.util.stream.Stream<String> names(String suites) {
        return Arrays.stream(suites.strip().split("\\s+"));
    }

    /** A file of lines ({@code .list}); empty when none is of our release. */
    String ofLines(String text) {
        return text.lines().map(String::strip).map(this::ofLine).collect(Collectors.joining());
    }

    private String ofLine(String line) {
        Matcher entry = ONE_LINE.matcher(line);
        if (!entry.matches() || !present.contains(entry.group(2))) {
            return "";
        }
        return wanted.stream()
                .map(suite -> entry.group(1) + suite + entry.group(3) + "\n")
                .collect(Collectors.joining());
    }
}
