package io.leasehold.house;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGenerator;

/**
 * Shows the name of a test method as the sentence that it is: {@code aSlotIsNeverTakenTwice} as "a slot is never taken
 * twice". Names of classes stay as they are, so that a report tells where a test is found.
 *
 * <p>{@code junit-platform.properties} makes it the default of all modules that use the test jar of the core.
 */
final class SentenceNames extends DisplayNameGenerator.Standard {
    private static final Map<String, String> PROPER_NAMES = Map.ofEntries(
            Map.entry("Api", "API"),
            Map.entry("Base32", "base 32"),
            Map.entry("Java", "Java"),
            Map.entry("JetStream", "JetStream"),
            Map.entry("Json", "JSON"),
            Map.entry("Jvm", "JVM"),
            Map.entry("Lincheck", "Lincheck"),
            Map.entry("Micrometer", "Micrometer"),
            Map.entry("Nats", "NATS"),
            Map.entry("Nio", "NIO"),
            Map.entry("OpenTelemetry", "OpenTelemetry"),
            Map.entry("Resilience4j", "Resilience4j"),
            Map.entry("Tls", "TLS"),
            Map.entry("Url", "URL"),
            Map.entry("Utf8", "UTF-8"));

    // A proper name, a number, an abbreviation in capitals, a word; the name ends where no small letter follows.
    private static final Pattern WORD = Pattern.compile(
            "(?:" + String.join("|", PROPER_NAMES.keySet()) + ")(?![a-z])|\\d+|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]");

    /** Makes the generator; JUnit does that by itself. */
    SentenceNames() {}

    @Override
    public String generateDisplayNameForMethod(
            List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        return sentence(testMethod.getName());
    }

    static String sentence(String name) {
        String capitalised = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        Matcher word = WORD.matcher(capitalised);
        return word.results().map(found -> shown(found.group())).collect(Collectors.joining(" "));
    }

    private static String shown(String word) {
        boolean abbreviation = word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
        String usual = abbreviation ? word : word.toLowerCase(Locale.ROOT);
        return PROPER_NAMES.getOrDefault(word, usual);
    }
}
