package io.leasehold.nats.fuzz;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Takes what a stranger may send, and throws when a property does not hold. Deterministic: the same input again shows
 * the same again. A search of a minute each: {@code -Pfuzz}; in the build, {@link Mutations} of the seeds.
 */
public interface FuzzTarget {
    /** Shows that the properties hold for an input. */
    void take(byte[] input);

    /** Good inputs, to begin with. */
    List<String> seeds();

    /**
     * A target for Jazzer, which hands the texts that it sees compared to its search in this encoding, and cannot have
     * the encoder loaded while it looks at a class.
     */
    static <T extends FuzzTarget> T searched(T target) {
        require(Charset.forName("CESU-8").newEncoder().maxBytesPerChar() > 0, "an encoder");
        return target;
    }

    /** A property, which must hold. */
    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** One character, one byte. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
