package io.leasehold.nats.protocol;

import java.nio.charset.StandardCharsets;

/**
 * A message as it came, in one array:
 *
 * <pre>
 *   | subject | reply subject | header block | body |
 *   0         replyStart      headerStart    bodyStart
 * </pre>
 *
 * <p>What is missing has length 0. The frame itself is used again for the next message, and the array
 * where {@link FrameSink#keeps} says so.
 */
public final class MessageFrame {
    private static final byte[] NOTHING = new byte[0];

    private int sid;
    private byte[] content = NOTHING;
    private int replyStart;
    private int headerStart;
    private int bodyStart;

    MessageFrame() {}

    /** A message that came on another way than as a frame; an empty header block is none. */
    public static MessageFrame of(byte[] subject, byte[] header, byte[] body) {
        MessageFrame frame = new MessageFrame();
        byte[] content = new byte[subject.length + header.length + body.length];
        frame.begin(0, subject.length, 0, header.length, content);
        System.arraycopy(subject, 0, content, 0, subject.length);
        System.arraycopy(header, 0, content, frame.headerStart, header.length);
        System.arraycopy(body, 0, content, frame.bodyStart, body.length);
        return frame;
    }

    /** A message whose parts are so long, and an array with room for just them. */
    void begin(int subscription, int subject, int reply, int header, byte[] room) {
        sid = subscription;
        replyStart = subject;
        headerStart = subject + reply;
        bodyStart = headerStart + header;
        content = room;
    }

    void clear() {
        content = NOTHING;
    }

    /** The same message as a frame of its own, for whoever wants to look at it later. */
    public MessageFrame kept() {
        MessageFrame kept = new MessageFrame();
        kept.sid = sid;
        kept.content = content.clone();
        kept.replyStart = replyStart;
        kept.headerStart = headerStart;
        kept.bodyStart = bodyStart;
        return kept;
    }

    /** The number of our subscription. */
    public int sid() {
        return sid;
    }

    /** All parts, one after the other. */
    public byte[] content() {
        return content;
    }

    /** Where the reply subject begins: the length of the subject. */
    public int replyStart() {
        return replyStart;
    }

    /** Where the header block begins; the reply subject ends here. */
    public int headerStart() {
        return headerStart;
    }

    /** Where the body begins; the header block ends here. */
    public int bodyStart() {
        return bodyStart;
    }

    /** Whether somebody wants an answer. */
    public boolean hasReply() {
        return headerStart > replyStart;
    }

    /** Whether there is a header block. */
    public boolean hasHeaders() {
        return bodyStart > headerStart;
    }

    /** The subject. */
    public String subject() {
        return new String(content, 0, replyStart, StandardCharsets.UTF_8);
    }

    /** The reply subject; empty when there is none. */
    public String reply() {
        return new String(content, replyStart, headerStart - replyStart, StandardCharsets.UTF_8);
    }
}
