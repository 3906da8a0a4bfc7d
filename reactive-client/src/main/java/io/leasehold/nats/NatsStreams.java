package io.leasehold.nats;

/** What happens to streams and consumers that are missing. */
public enum NatsStreams {
    /** They are made. */
    CREATE,
    /** Streams must be there, consumers are made. */
    USE_STREAMS,
    /** Both must be there: nothing is made. */
    USE
}
