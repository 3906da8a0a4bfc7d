package io.leasehold.nats.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Takes what a stranger may send, and throws when a property does not hold. Deterministic: the same input again shows
 * the same again. A search of a minute each: {@code -Pfuzz}; in the build, {@link Mutations} of the seeds.
 */
public interface FuzzTarget {
    /** What anything may take, while the code of it may not be compiled yet. */
    long QUICK_NANOS = 2_000_000;

    /** What each byte of an input may take beside that. */
    long QUICK_NANOS_PER_BYTE = 50;

    /** How often it is tried. */
    int QUICK_TRIES = 5;

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

    /**
     * Something that takes no more of the CPU than the length of its input allows: the best of several tries counts, so
     * that what else the machine does is not measured.
     */
    static void requireQuick(int inputBytes, Runnable work) {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long allowed = QUICK_NANOS + QUICK_NANOS_PER_BYTE * inputBytes;
        long best = Long.MAX_VALUE;
        for (int tries = 0; tries < QUICK_TRIES && best > allowed; tries++) {
            long before = clock.getCurrentThreadCpuTime();
            work.run();
            best = Math.min(best, clock.getCurrentThreadCpuTime() - before);
        }
        require(best <= allowed, inputBytes + " bytes took " + best + " ns of at most " + allowed);
    }

    /** One character, one byte. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
