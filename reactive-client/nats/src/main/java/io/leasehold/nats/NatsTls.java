package io.leasehold.nats;

/** When a connection to NATS is secured. */
public enum NatsTls {
    /** When the server asks for it, and for addresses with {@code tls://}; from then on always. */
    AS_ASKED,
    /** Always: a server that does not offer it is not talked to. */
    REQUIRED,
    /** Always, and before the server says anything ({@code handshake_first}, servers since 2.10.4). */
    FIRST
}
