package io.leasehold.nats.connection;

import io.leasehold.wire.ConnectionState;

/**
 * How a connection stands, for whoever looks at it from outside.
 *
 * @param state where it is
 * @param epoch how many connections there were, the present one included
 * @param server what the last server told of itself
 * @param trouble why the last connection ended, or was none; empty before the first trouble
 * @param unheardSinceNanos since when there is no connection, while there is none
 */
record ConnectionStatus(ConnectionState state, long epoch, ServerInfo server, String trouble, long unheardSinceNanos) {

    static ConnectionStatus first(long now) {
        return new ConnectionStatus(ConnectionState.CONNECTING, 0, ServerInfo.UNKNOWN, "", now);
    }

    ConnectionStatus to(ConnectionState next) {
        return next == state ? this : new ConnectionStatus(state.to(next), epoch, server, trouble, unheardSinceNanos);
    }

    ConnectionStatus with(NatsLink link) {
        return new ConnectionStatus(state, link.epoch(), link.info(), trouble, unheardSinceNanos);
    }

    ConnectionStatus after(String reason) {
        return new ConnectionStatus(state, epoch, server, reason, unheardSinceNanos);
    }

    ConnectionStatus lostAt(long now) {
        return new ConnectionStatus(state, epoch, server, trouble, now);
    }

    long unheardNanos(long now) {
        return state == ConnectionState.UP ? 0 : Math.max(0, now - unheardSinceNanos);
    }
}
