package io.leasehold.nats.server;

/** Which way bytes go through a {@link FaultProxy}. */
public enum Direction {
    TO_SERVER,
    TO_CLIENT;

    Direction opposite() {
        return this == TO_SERVER ? TO_CLIENT : TO_SERVER;
    }
}
