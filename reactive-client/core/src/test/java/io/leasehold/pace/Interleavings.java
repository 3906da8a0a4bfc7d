package io.leasehold.pace;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.util.LoggingLevel;

/**
 * Runs the operations of a class in several threads, in every order that a model checker finds worth trying: results
 * must be those of some sequential order, and what the class validates must hold at the end. More scenarios with {@code
 * -Dlincheck.scale=<factor>}.
 */
public final class Interleavings {
    private static final int SCALE = Integer.getInteger("lincheck.scale", 1);

    private Interleavings() {}

    /** Checks a class of operations with some threads, each with so many operations. */
    public static void check(Class<?> operations, int threads, int each) {
        options(10, 300).threads(threads).actorsPerThread(each).check(operations);
    }

    /** The same with less of everything, for operations that go through much code. */
    public static void checkBriefly(Class<?> operations, int threads, int each) {
        options(4, 25).threads(threads).actorsPerThread(each).check(operations);
    }

    private static ModelCheckingOptions options(int scenarios, int orders) {
        // Nothing before or after the threads: what is decided once would be decided before they start.
        return new ModelCheckingOptions()
                .iterations(scenarios * SCALE)
                .invocationsPerIteration(orders * SCALE)
                .actorsBefore(0)
                .actorsAfter(0)
                .logLevel(LoggingLevel.ERROR);
    }
}
