package io.leasehold.spring.boot.autoconfigure;

/** Which broker the client uses, by name. There may be more of them in later versions. */
public enum BrokerKind {
    /** One in this process, in memory: what it holds is lost at exit. */
    EMBEDDED,
    /** NATS JetStream, at {@code leasehold.nats.servers}. */
    NATS
}
