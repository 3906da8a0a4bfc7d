package io.leasehold.nats.protocol;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a server apart, however they are split: each step ends in a frame, in the need for more bytes, or
 * in an error after which nothing more is accepted. Holds one line and one message at most. Not thread-safe.
 *
 * <pre>
 *   MSG  subject sid [reply] total             CRLF  body                CRLF
 *   HMSG subject sid [reply] header total      CRLF  header block, body  CRLF
 *   INFO {json}  |  PING  |  PONG  |  +OK  |  -ERR 'text'                CRLF
 *
 *   LINE -- MSG, HMSG --> HEADERS --> BODY -- total bytes --> END -- CRLF --> LINE
 * </pre>
 *
 * <p>Verbs are in any case; fields stand between blanks and tabs. Nothing is allocated for a message but the array
 * of its body, where that is kept. See the NATS client protocol.
 */
public final class FrameDecoder {
    private static final int MSG_FIELDS = 3;
    private static final int HMSG_FIELDS = 4;

    private static final byte[] MSG = FrameEncoder.ascii("MSG");
    private static final byte[] HMSG = FrameEncoder.ascii("HMSG");
    private static final byte[] PING = FrameEncoder.ascii("PING");
    private static final byte[] PONG = FrameEncoder.ascii("PONG");
    private static final byte[] INFO = FrameEncoder.ascii("INFO");
    private static final byte[] OK = FrameEncoder.ascii("+OK");
    private static final byte[] ERR = FrameEncoder.ascii("-ERR");
    private static final int USED_AGAIN_MAX = 256;
    private static final int HEAD_MIN = 256;
    private static final int HEAD_KEPT_MAX = 16 * 1_024;

    private final DecoderLimits limits;
    private final FrameSink sink;
    private final ControlLine line;
    private final MessageFrame message = new MessageFrame();
    private final byte[] @Nullable [] usedAgain = new byte[USED_AGAIN_MAX][];
    private byte[] head = new byte[HEAD_MIN];
    private byte[] body = message.body();
    private int filled;
    private int headEnd;
    private Phase phase = Phase.LINE;
    private @Nullable MessagingException failure;

    /** Makes a decoder of one connection. */
    public FrameDecoder(DecoderLimits limits, FrameSink sink) {
        this.limits = limits;
        this.sink = sink;
        this.line = new ControlLine(limits.lineBytes());
    }

    private enum Phase {
        LINE,
        HEADERS,
        BODY,
        END_CR,
        END_LF,
        FAILED
    }

    /**
     * Takes all bytes of a buffer, which stays the caller's. What the sink throws comes out; the frame that it was
     * given counts as taken.
     *
     * @throws MessagingException {@link ErrorCode#PROTOCOL} when the bytes are not those of a server, or more than the
     *     limits allow; the same again from then on
     */
    public void decode(ByteBuf in) {
        while (in.isReadable()) {
            switch (phase) {
                case LINE -> readLine(in);
                case HEADERS -> readHeaders(in);
                case BODY -> readBody(in);
                case END_CR -> readEnd(in, '\r', Phase.END_LF);
                case END_LF -> readEnd(in, '\n', Phase.LINE);
                case FAILED -> throw refused();
            }
        }
    }

    /** Tells whether nothing has been read of a frame that is not whole yet. */
    public boolean isBetweenFrames() {
        return phase == Phase.LINE && line.isEmpty();
    }

    private void readLine(ByteBuf in) {
        switch (line.read(in)) {
            case MORE -> {}
            case TOO_LONG -> throw fail("a line is longer than " + limits.lineBytes() + " bytes");
            case WHOLE -> {
                if (!line.isTerminated()) {
                    throw fail("a line does not end with CR and LF");
                }
                takeLine();
            }
        }
    }

    private void takeLine() {
        switch (line.first()) {
            case 'M' -> beginMessage(MSG, MSG_FIELDS);
            case 'H' -> beginMessage(HMSG, HMSG_FIELDS);
            default -> {
                try {
                    takeWord();
                } finally {
                    line.clear();
                }
            }
        }
    }

    private void takeWord() {
        if (line.isVerb(PING)) {
            sink.ping();
        } else if (line.isVerb(PONG)) {
            sink.pong();
        } else if (line.isVerb(INFO)) {
            sink.info(line.rest(INFO.length));
        } else if (line.isVerb(ERR)) {
            sink.error(unquoted(new String(line.rest(ERR.length), StandardCharsets.UTF_8)));
        } else if (!line.isVerb(OK)) {
            throw fail("a line begins with no word of the protocol");
        }
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("'") && text.endsWith("'");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private void beginMessage(byte[] verb, int fieldsMin) {
        int fields = line.isVerb(verb) ? line.split(verb.length) : 0;
        if (fields < fieldsMin || fields > fieldsMin + 1) {
            throw fail("a message line has the wrong fields");
        }
        boolean replies = fields > fieldsMin;
        int sid = line.number(1);
        int total = line.number(fields - 1);
        int header = fieldsMin == HMSG_FIELDS ? line.number(fields - 2) : 0;
        if (sid == ControlLine.NO_NUMBER || total == ControlLine.NO_NUMBER || header == ControlLine.NO_NUMBER) {
            throw fail("a message line has a field that is no number");
        }
        if (total > limits.messageBytes()) {
            throw fail("a message of " + total + " bytes is longer than " + limits.messageBytes());
        }
        if (header > total) {
            throw fail("a message has more headers than bytes");
        }
        int subject = line.fieldLength(0);
        int reply = replies ? line.fieldLength(2) : 0;
        headEnd = subject + reply + header;
        head = headroom(headEnd);
        body = room(total - header, sink.keeps(sid));
        message.begin(sid, subject, reply, header);
        line.copyField(0, head, 0);
        if (replies) {
            line.copyField(2, head, subject);
        }
        filled = subject + reply;
        phase = Phase.HEADERS;
        pass();
    }

    // The next phase that has anything to read.
    private void pass() {
        if (phase == Phase.HEADERS && filled == headEnd) {
            filled = 0;
            phase = Phase.BODY;
        }
        if (phase == Phase.BODY && filled == body.length) {
            phase = Phase.END_CR;
        }
    }

    // One that was long keeps nothing: the next ones are mostly short.
    private byte[] headroom(int length) {
        boolean fits = head.length >= length && (head.length <= HEAD_KEPT_MAX || length > HEAD_KEPT_MAX);
        return fits ? head : new byte[Math.max(HEAD_MIN, length)];
    }

    // Answers to what is alike are mostly of the same length.
    private byte[] room(int length, boolean keeps) {
        if (keeps || length >= USED_AGAIN_MAX) {
            return new byte[length];
        }

        byte[] array = usedAgain[length];
        if (array == null) {
            array = new byte[length];
            usedAgain[length] = array;
        }

        return array;
    }

    private void readHeaders(ByteBuf in) {
        int take = Math.min(in.readableBytes(), headEnd - filled);
        in.readBytes(head, filled, take);
        filled += take;
        pass();
    }

    private void readBody(ByteBuf in) {
        int take = Math.min(in.readableBytes(), body.length - filled);
        in.readBytes(body, filled, take);
        filled += take;
        pass();
    }

    private void readEnd(ByteBuf in, char expected, Phase next) {
        if (in.readByte() != expected) {
            throw fail("a message does not end with CR and LF where its length says");
        }

        phase = next;
        if (next == Phase.LINE) {
            line.clear();
            message.place(head, body);
            try {
                sink.message(message);
            } finally {
                forget();
            }
        }
    }

    private MessagingException fail(String what) {
        failure = new MessagingException(
                ErrorCode.PROTOCOL,
                what,
                "'" + line.excerpt() + "'",
                "check that a NATS server listens at this address");
        phase = Phase.FAILED;
        forget();

        return failure;
    }

    private void forget() {
        message.clear();
        body = message.body();
    }

    private MessagingException refused() {
        return failure == null ? fail("the bytes cannot be read") : failure;
    }
}
