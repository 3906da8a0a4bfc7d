package io.leasehold.benchmarks;

import io.leasehold.benchmarks.compare.Compare;
import java.util.Arrays;

/**
 * What the jar does by default: {@code compare} is the comparison with other clients, and everything else goes to
 * JMH.
 */
public final class Benchmarks {
    private Benchmarks() {}

    /** See {@link Compare} and {@link org.openjdk.jmh.Main}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("compare")) {
            Compare.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            org.openjdk.jmh.Main.main(arguments);
        }
    }
}
