package io.leasehold.house;

import java.util.List;

/**
 * The types that a message meets.
 *
 * @param publish from the subscription to a publish on to the write to the channel
 * @param handle from the arrival of a handout on to the first instruction of its handler
 */
record Walks(List<String> publish, List<String> handle) {
    private static final String MESSAGES = "io.leasehold.nats.jetstream.WalkedMessages";

    /** Lets messages go through the classes of this class path. */
    @SuppressWarnings("unchecked")
    static Walks walk() {
        try {
            Class<?> type = new WalkLoader().loadClass(MESSAGES);
            try (AutoCloseable messages =
                    (AutoCloseable) type.getDeclaredConstructor().newInstance()) {
                List<String> publish = (List<String>) type.getMethod("publish").invoke(messages);
                List<String> handle = (List<String>) type.getMethod("handle").invoke(messages);
                return new Walks(publish, handle);
            }
        } catch (Exception e) {
            throw new IllegalStateException("No message could be followed", e);
        }
    }
}
