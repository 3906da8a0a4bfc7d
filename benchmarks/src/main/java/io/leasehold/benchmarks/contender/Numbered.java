package io.leasehold.benchmarks.contender;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bodies that tell which one they are. */
public final class Numbered {
    private static final VarHandle NUMBER = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Numbered() {}

    /** A body with a number. */
    public static byte[] body(int bytes, int number) {
        byte[] body = new byte[bytes];
        NUMBER.set(body, 0, number);
        return body;
    }

    /** The number of a body. */
    public static int in(byte[] body) {
        return (int) NUMBER.get(body, 0);
    }
}
