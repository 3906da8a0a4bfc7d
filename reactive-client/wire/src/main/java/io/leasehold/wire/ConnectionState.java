package io.leasehold.wire;

import io.leasehold.api.CheckReturnValue;
import java.util.Set;

/**
 * Where a connection stands.
 *
 * <pre>
 *   CONNECTING ── welcomed ──► UP ── lost ──► WAITING
 *     ▲    └────── refused, lost ──────────────►│
 *     └──────────────── delay over ─────────────┘
 *   each of them ── close ──► CLOSING ── flushed, or out of time ──► CLOSED
 *   each of them ── no hope ──► CLOSED
 * </pre>
 */
@CheckReturnValue
public enum ConnectionState {
    /** A server is being dialled, or greets us. */
    CONNECTING,
    /** A server has welcomed us: everything can be written. */
    UP,
    /** Between two attempts. */
    WAITING,
    /** What was given before the close is still being written. */
    CLOSING,
    /** For good. */
    CLOSED;

    private Set<ConnectionState> next() {
        return switch (this) {
            case CONNECTING -> Set.of(UP, WAITING, CLOSING, CLOSED);
            case UP -> Set.of(WAITING, CLOSING, CLOSED);
            case WAITING -> Set.of(CONNECTING, CLOSING, CLOSED);
            case CLOSING -> Set.of(CLOSED);
            case CLOSED -> Set.of();
        };
    }

    /**
     * The next state itself.
     *
     * @throws IllegalStateException when there is no way to it
     */
    public ConnectionState to(ConnectionState next) {
        if (!next().contains(next)) {
            throw new IllegalStateException(this + " does not become " + next);
        }
        return next;
    }
}
