package io.leasehold.sample.messaging;

import java.util.Locale;
import java.util.regex.Pattern;

/** The topics of earthquakes: one per reporting network. */
public final class QuakeTopic {

    /** The filter that takes in the topics of all networks. */
    public static final String ALL = "quakes.>";

    private static final String PREFIX = "quakes.";
    private static final Pattern NOT_A_TOKEN = Pattern.compile("[^a-z0-9_-]");

    private QuakeTopic() {}

    /**
     * Returns the topic of a network: its name in lower case, and an underscore for everything that separates topics,
     * stands for several of them or is otherwise no letter, digit, hyphen or underscore. Networks that differ in
     * nothing else share a topic; the key tells them apart.
     *
     * @param source the network as it writes itself, not empty
     */
    public static String of(String source) {
        return PREFIX + NOT_A_TOKEN.matcher(source.toLowerCase(Locale.ROOT)).replaceAll("_");
    }
}
