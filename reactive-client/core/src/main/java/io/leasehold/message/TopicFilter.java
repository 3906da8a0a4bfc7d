package io.leasehold.message;

import io.leasehold.api.CheckReturnValue;

/**
 * A pattern over topics: {@code *} stands for exactly one token, a last {@code >} for one or more.
 *
 * @param pattern the pattern, valid by construction
 */
@CheckReturnValue
public record TopicFilter(String pattern) {
    /**
     * Checks the pattern.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_TOPIC} when it breaks the rules of {@link Topic}
     */
    public TopicFilter {
        Topic.check(pattern, true);
    }

    /** A filter of the given pattern. */
    public static TopicFilter of(String pattern) {
        return new TopicFilter(pattern);
    }

    /** Whether the topic is one of this filter's. Allocates nothing. */
    public boolean matches(String topic) {
        int p = 0;
        int t = 0;
        while (p < pattern.length() && t < topic.length()) {
            if (pattern.charAt(p) == '>') {
                return true;
            }
            int topicEnd = tokenEnd(topic, t);
            int patternEnd = tokenEnd(pattern, p);
            boolean any = pattern.charAt(p) == '*' && patternEnd == p + 1;
            boolean same = topicEnd - t == patternEnd - p && pattern.regionMatches(p, topic, t, topicEnd - t);
            if (!any && !same) {
                return false;
            }
            t = topicEnd + 1;
            p = patternEnd + 1;
        }
        return p >= pattern.length() && t >= topic.length();
    }

    /** Whether it takes one topic only: no token of it is a wildcard. */
    public boolean isExact() {
        return pattern.indexOf('*') < 0 && pattern.indexOf('>') < 0;
    }

    /**
     * Whether each topic of another filter is one of this filter's, too.
     *
     * @param other the other filter
     */
    public boolean covers(TopicFilter other) {
        return relates(other, false);
    }

    /**
     * Whether there is a topic that both filters take.
     *
     * @param other the other filter
     */
    public boolean overlaps(TopicFilter other) {
        return relates(other, true);
    }

    private boolean relates(TopicFilter other, boolean eitherWay) {
        String[] mine = pattern.split("\\.", -1);
        String[] its = other.pattern.split("\\.", -1);
        for (int i = 0; i < mine.length && i < its.length; i++) {
            if (mine[i].equals(">") || (eitherWay && its[i].equals(">"))) {
                return true;
            }
            boolean wild = (mine[i].equals("*") && !its[i].equals(">")) || (eitherWay && its[i].equals("*"));
            if (!wild && !mine[i].equals(its[i])) {
                return false;
            }
        }
        return mine.length == its.length;
    }

    private static int tokenEnd(String name, int from) {
        int dot = name.indexOf('.', from);
        return dot < 0 ? name.length() : dot;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
