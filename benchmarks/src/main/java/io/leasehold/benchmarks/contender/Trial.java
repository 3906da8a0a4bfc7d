package io.leasehold.benchmarks.contender;

import java.io.Closeable;

/** One side with one task; closing it ends its connections and threads. */
public interface Trial extends Closeable {
    /** How long one waits for anything. */
    long LIMIT_SECONDS = 120;

    /**
     * Does all of it; this is what is measured.
     *
     * @return the median in microseconds of what single messages took; no number where that cannot be told
     */
    double run() throws Exception;
}
