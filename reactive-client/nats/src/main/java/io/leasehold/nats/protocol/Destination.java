package io.leasehold.nats.protocol;

import io.netty.buffer.ByteBuf;

/** Says where a publish goes: a name that was checked where it was made, in whatever pieces it is kept. */
public interface Destination {
    /** Returns how many bytes it has. */
    int length();

    /** Writes its bytes. */
    void writeTo(ByteBuf out);

    /** Returns its bytes, not to be changed. */
    byte[] bytes();

    /** Returns the name as a text. */
    @Override
    String toString();
}
