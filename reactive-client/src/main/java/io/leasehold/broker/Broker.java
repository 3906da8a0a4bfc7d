package io.leasehold.broker;

/** A message system behind the SPI. One instance may serve several clients. */
public interface Broker {
    /** A short name for telemetry, for example {@code leasehold_embedded} or {@code nats}. */
    String name();

    /**
     * Opens what one client needs of the broker. Must not block: a session that has to connect first does so in the
     * background and keeps publishes and pulls until it can write them or their limit passes.
     */
    BrokerSession open(SessionContext context);
}
