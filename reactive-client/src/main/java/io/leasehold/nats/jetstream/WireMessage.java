package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a message of ours travels: its id as {@code Nats-Msg-Id}, by which the server knows repetitions, its key as
 * {@code Leasehold-Key} with what cannot stand in a header escaped like in an URL, its headers as they are.
 */
final class WireMessage {
    private static final String ID = "Nats-Msg-Id";
    private static final String KEY = "Leasehold-Key";
    private static final byte[] PLAIN = "NATS/1.0\r\nNats-Msg-Id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private WireMessage() {}

    /**
     * The header block of a message that goes out under an id.
     *
     * @throws MessagingException {@code BAD_HEADER} when it has a header that is the server's
     */
    static byte[] header(Message message, MessageId id) {
        StringBuilder block = new StringBuilder(64).append("NATS/1.0\r\n");
        line(block, ID, id.value());
        message.key().ifPresent(key -> line(block, KEY, URLEncoder.encode(key, StandardCharsets.UTF_8)));
        message.headers().forEach((name, value) -> {
            if (!PublishOption.isOne(name)) {
                HeaderBlock.requireUsers(name);
            }
            line(block, name, value);
        });
        return block.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether nothing but its id goes into the header block. */
    static boolean isPlain(Message message) {
        return message.key().isEmpty() && message.headers().isEmpty();
    }

    /** How many bytes the header block of a plain message has. */
    static int plainBytes(MessageId id) {
        return PLAIN.length + id.value().length() + END.length;
    }

    /** Writes the header block of a plain message. */
    static void writePlain(MessageId id, ByteBuf out) {
        out.writeBytes(PLAIN);
        ByteBufUtil.writeAscii(out, id.value());
        out.writeBytes(END);
    }

    private static void line(StringBuilder block, String name, String value) {
        block.append(name).append(": ").append(value).append("\r\n");
    }

    /** The message in a frame, without what headers told the server. */
    static Message read(MessageFrame frame) {
        byte[] content = frame.content();
        Message message =
                Message.to(frame.subject()).body(Arrays.copyOfRange(content, frame.bodyStart(), content.length));
        return frame.hasHeaders() ? withHeaders(message, HeaderBlock.headers(frame)) : message;
    }

    private static Message withHeaders(Message bare, Headers headers) {
        Message message = bare;
        String id = headers.first(ID).orElse("");
        if (!id.isEmpty()) {
            message = withId(message, id);
        }
        String key = headers.first(KEY).orElse(null);
        if (key != null) {
            message = message.key(decoded(key));
        }
        return message.headers(users(headers));
    }

    private static Headers users(Headers headers) {
        Headers[] users = {Headers.none()};
        headers.forEach((name, value) -> {
            if (!name.equalsIgnoreCase(KEY) && !PublishOption.isReserved(name)) {
                users[0] = users[0].with(name, value);
            }
        });
        return users[0];
    }

    // A foreign publisher may have used an id that none of ours could have.
    private static Message withId(Message message, String id) {
        try {
            return message.id(id);
        } catch (MessagingException unfit) {
            return message;
        }
    }

    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException foreign) {
            return key;
        }
    }
}
