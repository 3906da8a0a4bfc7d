package io.leasehold.wire;

/** How far a {@link Link} has got; see there for the drawing. */
public enum LinkPhase {
    /** There is no TCP connection yet. */
    CONNECTING,
    /** The server is to say what it is. */
    GREETING,
    /** TLS is being made. */
    SECURING,
    /** What says who we are is being read. */
    AUTHENTICATING,
    /** We have said who we are, and asked whether that is accepted. */
    CONNECT_SENT,
    /** The server has welcomed us. */
    UP,
    /** For good. */
    ENDED
}
