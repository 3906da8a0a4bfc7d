package io.leasehold.nats.connection;

/**
 * How a connection stands, for whoever looks at it from outside.
 *
 * @param state where it is
 * @param epoch how many connections there were, the present one included
 * @param server what the last server told of itself
 * @param trouble why the last connection ended, or was none; empty before the first trouble
 */
record Standing(ConnectionState state, long epoch, ServerInfo server, String trouble) {
    static final Standing FIRST = new Standing(ConnectionState.CONNECTING, 0, ServerInfo.UNKNOWN, "");

    Standing to(ConnectionState next) {
        return next == state ? this : new Standing(state.to(next), epoch, server, trouble);
    }

    Standing with(Link link) {
        return new Standing(state, link.epoch(), link.info(), trouble);
    }

    Standing after(String reason) {
        return new Standing(state, epoch, server, reason);
    }
}
