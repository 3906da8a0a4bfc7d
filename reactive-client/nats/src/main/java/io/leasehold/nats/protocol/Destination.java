package io.leasehold.nats.protocol;

import io.netty.buffer.ByteBuf;

/** Where a publish goes: a name that was checked where it was made, in whatever pieces it is kept. */
public interface Destination {
    /** How many bytes it has. */
    int length();

    /** Writes its bytes. */
    void writeTo(ByteBuf out);

    /** Its bytes, not to be changed. */
    byte[] bytes();

    /** The name as a text. */
    @Override
    String toString();
}
