package io.leasehold.nats;

/** What happens to streams and consumers that are missing. */
public enum NatsStreams {
    /**
     * They are made, and made again when they are deleted: a group then goes on behind what it had settled, with larger
     * tokens, and from the beginning of a stream that was made again.
     */
    CREATE,
    /** Streams must be there, consumers are made, and made again when they are deleted. */
    USE_STREAMS,
    /**
     * Both must be there: nothing is made, and a deleted consumer ends what consumes it with {@code GROUP_GONE}.
     *
     * <p>Servers before 2.11 may tell after a restart that a consumer which operators made is some milliseconds older
     * or younger: fencing tokens of clients that began before and after then do not compare. Those that are made here
     * carry a mark in their description, by which they do.
     */
    USE
}
