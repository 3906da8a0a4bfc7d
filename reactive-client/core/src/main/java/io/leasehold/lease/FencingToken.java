package io.leasehold.lease;

/**
 * A value that grows with every delivery of a message: hand it to the resource that you write to, and have that
 * resource refuse smaller ones than it has seen.
 *
 * @param lifetime which life of the broker's group gave it; a group that is made anew has a larger one
 * @param sequence the number of the delivery within that life
 */
public record FencingToken(long lifetime, long sequence) implements Comparable<FencingToken> {
    @Override
    public int compareTo(FencingToken other) {
        int byLife = Long.compareUnsigned(lifetime, other.lifetime);
        return byLife != 0 ? byLife : Long.compareUnsigned(sequence, other.sequence);
    }

    /** Tells whether this token is newer than the other one. */
    public boolean isNewerThan(FencingToken other) {
        return compareTo(other) > 0;
    }

    /** Gives 33 characters whose order as text is the order of the tokens. */
    public String text() {
        return hex(lifetime) + "-" + hex(sequence);
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    @Override
    public String toString() {
        return text();
    }
}
