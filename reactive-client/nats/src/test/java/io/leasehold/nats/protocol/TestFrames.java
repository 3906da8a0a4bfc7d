package io.leasehold.nats.protocol;

import java.nio.charset.StandardCharsets;

/** Messages as a server would have sent them. */
public final class TestFrames {
    private TestFrames() {}

    /** With a subject and a body. */
    public static MessageFrame of(String subject, byte[] body) {
        return MessageFrame.of(subject.getBytes(StandardCharsets.ISO_8859_1), new byte[0], body);
    }

    /** Of which only the body matters. */
    public static MessageFrame withBody(byte[] body) {
        return of("a", body);
    }

    /** Of which only the header block matters. */
    public static MessageFrame withHeader(byte[] block) {
        return MessageFrame.of(new byte[] {'a'}, block, new byte[0]);
    }
}
