package io.leasehold.broker;

/** A message system behind the SPI. One instance may serve several clients. */
public interface Broker {
    /** A short name for telemetry, for example {@code leasehold_embedded} or {@code nats}. */
    String name();

    /** What it is and where, for people who read logs: its servers, never credentials. Default its name. */
    default String description() {
        return name();
    }

    /** Whether all that it holds is lost when this process ends. Default false. */
    default boolean isVolatile() {
        return false;
    }

    /**
     * Opens what one client needs of the broker. Must not block: a session that has to connect first does so in the
     * background and keeps publishes and pulls until it can write them or their limit passes.
     */
    BrokerSession open(SessionContext context);
}
