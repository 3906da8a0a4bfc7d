package io.leasehold.simulation;

/**
 * A change of a source file.
 *
 * @param file the source file, below the root package
 * @param original what stands there now; must occur exactly once
 * @param replacement what the mistake makes of it
 */
record Mistake(String file, String original, String replacement) {
    /** The text with the mistake in it. */
    String in(String text) {
        int at = text.indexOf(original);
        if (at < 0 || text.indexOf(original, at + 1) >= 0) {
            throw new IllegalStateException("the code has moved on: renew this planted bug: " + file + " holds '"
                    + original + "' " + (at < 0 ? "nowhere" : "more than once"));
        }
        return text.replace(original, replacement);
    }
}
