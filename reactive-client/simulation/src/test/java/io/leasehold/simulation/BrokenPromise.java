package io.leasehold.simulation;

/**
 * A broken promise.
 *
 * @param promise which of the design's promises
 * @param what how it was broken
 * @param atNanos when, in true time
 */
record BrokenPromise(String promise, String what, long atNanos) {
    @Override
    public String toString() {
        return promise + " at " + atNanos / 1_000 / 1e3 + " ms: " + what;
    }
}
