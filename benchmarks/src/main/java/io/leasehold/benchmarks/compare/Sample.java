package io.leasehold.benchmarks.compare;

import io.leasehold.benchmarks.contender.Task;

/**
 * One trial.
 *
 * @param rate messages per second
 * @param medianMicros what the middle one of single messages took; no number where that cannot be told
 * @param bytes allocated per message
 * @param clientMicros CPU of the client per message
 * @param serverMicros CPU of the server per message
 */
record Sample(double rate, double medianMicros, double bytes, double clientMicros, double serverMicros) {
    private static final double SECOND = 1e9;
    private static final double MICRO = 1e3;

    static Sample of(Task task, double medianMicros, Costs costs) {
        double messages = task.messages();
        return new Sample(
                messages / (costs.nanos() / SECOND),
                medianMicros,
                costs.allocated() / messages,
                costs.client() / messages / MICRO,
                costs.server() / messages / MICRO);
    }

    double get(Figure figure) {
        return switch (figure) {
            case RATE -> rate;
            case MEDIAN -> medianMicros;
            case BYTES -> bytes;
            case CLIENT -> clientMicros;
            case SERVER -> serverMicros;
        };
    }
}
