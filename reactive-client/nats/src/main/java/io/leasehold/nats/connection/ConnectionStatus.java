package io.leasehold.nats.connection;

/**
 * How a connection stands, for whoever looks at it from outside.
 *
 * @param state where it is
 * @param epoch how many connections there were, the present one included
 * @param server what the last server told of itself
 * @param trouble why the last connection ended, or was none; empty before the first trouble
 */
record ConnectionStatus(ConnectionState state, long epoch, ServerInfo server, String trouble) {
    static final ConnectionStatus FIRST = new ConnectionStatus(ConnectionState.CONNECTING, 0, ServerInfo.UNKNOWN, "");

    ConnectionStatus to(ConnectionState next) {
        return next == state ? this : new ConnectionStatus(state.to(next), epoch, server, trouble);
    }

    ConnectionStatus with(Link link) {
        return new ConnectionStatus(state, link.epoch(), link.info(), trouble);
    }

    ConnectionStatus after(String reason) {
        return new ConnectionStatus(state, epoch, server, reason);
    }
}
