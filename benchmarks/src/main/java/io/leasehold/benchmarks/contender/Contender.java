package io.leasehold.benchmarks.contender;

/**
 * A client in one way of using it.
 *
 * @param side how it is called
 * @param share it gets one of so many messages: for those that take much longer
 * @param preparation makes it ready
 */
public record Contender(String side, int share, Preparation preparation) {

    /** One that gets all messages. */
    public Contender(String side, Preparation preparation) {
        this(side, 1, preparation);
    }

    /** What comes before the clock runs: connecting. */
    @FunctionalInterface
    public interface Preparation {
        /** Makes a side ready for a task. */
        Trial of(Task task) throws Exception;
    }
}
