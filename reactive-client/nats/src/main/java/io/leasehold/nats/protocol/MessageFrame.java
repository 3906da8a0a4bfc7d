package io.leasehold.nats.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Holds a message as it came, in two arrays, of which the body's may go on to the user as it is:
 *
 * <pre>
 *   head  | subject | reply subject | header block |        body  | body |
 *         0         replyStart      headerStart    headEnd
 * </pre>
 *
 * <p>What is missing has length 0. The frame itself and its head are used again for the next message, and the body
 * where {@link FrameSink#keeps} says so.
 */
public final class MessageFrame {
    private static final byte[] NOTHING = new byte[0];

    private int sid;
    private byte[] head = NOTHING;
    private byte[] body = NOTHING;
    private int replyStart;
    private int headerStart;
    private int headEnd;

    MessageFrame() {}

    /** Returns a message that came on another way than as a frame; an empty header block is none. */
    public static MessageFrame of(byte[] subject, byte[] header, byte[] body) {
        MessageFrame frame = new MessageFrame();
        byte[] head = Arrays.copyOf(subject, subject.length + header.length);
        System.arraycopy(header, 0, head, subject.length, header.length);
        frame.begin(0, subject.length, 0, header.length);
        frame.place(head, body);
        return frame;
    }

    /** Begins a message whose parts are so long. */
    void begin(int subscription, int subject, int reply, int header) {
        sid = subscription;
        replyStart = subject;
        headerStart = subject + reply;
        headEnd = headerStart + header;
    }

    /** Takes where the parts stand: a head with room for at least them, and just the body. */
    void place(byte[] newHead, byte[] newBody) {
        head = newHead;
        body = newBody;
    }

    void clear() {
        body = NOTHING;
    }

    /** Returns the same message as a frame of its own, for whoever wants to look at it later. */
    public MessageFrame kept() {
        MessageFrame kept = new MessageFrame();
        kept.begin(sid, replyStart, headerStart - replyStart, headEnd - headerStart);
        kept.place(Arrays.copyOf(head, headEnd), body.clone());
        return kept;
    }

    /** Returns the number of our subscription. */
    public int sid() {
        return sid;
    }

    /** Subject, reply subject and header block, one after the other; more may follow that is of another message. */
    public byte[] head() {
        return head;
    }

    /** Returns the body, and nothing else. */
    public byte[] body() {
        return body;
    }

    /** Returns where the reply subject begins: the length of the subject. */
    public int replyStart() {
        return replyStart;
    }

    /** Returns where the header block begins; the reply subject ends here. */
    public int headerStart() {
        return headerStart;
    }

    /** Returns where the header block ends. */
    public int headEnd() {
        return headEnd;
    }

    /** Tells whether there is a header block. */
    public boolean hasHeaders() {
        return headEnd > headerStart;
    }

    /** Returns the subject. */
    public String subject() {
        return new String(head, 0, replyStart, StandardCharsets.UTF_8);
    }

    /** Returns the reply subject; empty when there is none. */
    public String reply() {
        return new String(head, replyStart, headerStart - replyStart, StandardCharsets.UTF_8);
    }
}
