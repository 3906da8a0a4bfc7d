package io.leasehold.nats.chaos;

/**
 * Something that was seen.
 *
 * @param nanos when, by {@link System#nanoTime}, which all processes of a machine share
 * @param who the client or the server
 * @param what it did
 * @param group whose message; empty for publishes
 * @param id of the message
 * @param delivery its number in the group, as the server counts; 0 for none
 * @param more another instant, where there is one
 * @param note what else is to be told
 */
record Fact(long nanos, String who, What what, String group, String id, long delivery, long more, String note) {
    private static final String MARK = "fact ";
    private static final String COUNT = "count ";
    private static final int WORDS = 8;

    enum What {
        PUBLISHED,
        CONFIRMED,
        /** Ended without a word of the broker; the note is the code. */
        UNCONFIRMED,
        /** A delivery reached the client; the other instant is its anchor. */
        HANDED,
        STARTED,
        COMPLETED,
        FAILED,
        CANCELLED,
        /** The lease was lost; the note tells why. */
        LOST,
        /** A settlement passed the gate; the note is the verb. */
        WRITTEN,
        /** The note is the kind. */
        OUTCOME,
        /** The server handed it out. */
        SERVED,
        /** A settlement or touch of it reached the server; the note is its body. */
        REACHED,
        /** The server answered a touch of it. */
        TOUCHED,
        /** A process stood still until then, from the other instant. */
        STALLED,
        /** Anything else. */
        REMARK
    }

    static Fact of(String who, What what, String note) {
        return new Fact(System.nanoTime(), who, what, "", "", 0, 0, note);
    }

    static Fact publish(String who, What what, String id, String note) {
        return new Fact(System.nanoTime(), who, what, "", id, 0, 0, note);
    }

    /** The how manyth delivery of its message it was, where that is told. */
    int count() {
        return Integer.parseInt(note.substring(note.lastIndexOf(COUNT) + COUNT.length()));
    }

    boolean isAbout(String aGroup, String anId) {
        return id.equals(anId) && (group.isEmpty() || group.equals(aGroup));
    }

    /** As a line that a process prints. */
    String line() {
        String plain = note.replaceAll("\\s+", " ");
        return MARK + nanos + " " + who + " " + what + " " + dash(group) + " " + dash(id) + " " + delivery + " " + more
                + " " + plain;
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    static boolean isLine(String line) {
        return line.startsWith(MARK);
    }

    static Fact parse(String line) {
        String[] words = line.substring(MARK.length()).split(" ", WORDS);
        return new Fact(
                Long.parseLong(words[0]),
                words[1],
                What.valueOf(words[2]),
                undash(words[3]),
                undash(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]),
                words[7]);
    }

    private static String undash(String word) {
        return word.equals("-") ? "" : word;
    }

    /** For people: milliseconds since a beginning. */
    String told(long begin) {
        String message = (group.isEmpty() ? "" : group + " ")
                + (id.isEmpty() ? "" : id + " ")
                + (delivery == 0 ? "" : "#" + delivery + " ");
        String other = more == 0 ? "" : " (" + millis(more, begin) + ")";
        return "%10s %-8s %-11s %s%s%s".formatted(millis(nanos, begin), who, what, message, note, other);
    }

    private static String millis(long nanos, long begin) {
        return "%.1f".formatted((nanos - begin) / 1e6);
    }
}
