package io.leasehold.nats.jetstream;

import io.leasehold.broker.PublishCondition;
import io.leasehold.broker.PublishRules;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.netty.buffer.ByteBuf;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages of ours into frames and back: the id is {@code Nats-Msg-Id}, by which the server knows repetitions,
 * its key as {@code Leasehold-Key} with what cannot stand in a header escaped like in an URL, its headers as they are.
 */
final class WireMessage {
    private static final String ID = "Nats-Msg-Id";
    private static final String KEY = PublishRules.KEY_HEADER;
    private static final byte[] ID_NAME = ID.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY_NAME = KEY.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLAIN = "NATS/1.0\r\nNats-Msg-Id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private WireMessage() {}

    /**
     * Returns the header block of a message that goes out under an id, or under none.
     *
     * @throws MessagingException see {@link PublishRules#require}
     */
    static byte[] header(Message message, @Nullable MessageId id) {
        StringBuilder block = new StringBuilder(64).append("NATS/1.0\r\n");
        if (id != null) {
            line(block, ID, id.value());
        }
        message.key().ifPresent(key -> line(block, KEY, URLEncoder.encode(key, StandardCharsets.UTF_8)));
        message.headers().forEach((name, value) -> line(block, name, value));
        return block.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Tells whether nothing but its id goes into the header block. */
    static boolean isPlain(Message message) {
        return message.key().isEmpty() && message.headers().isEmpty();
    }

    /** Returns how many bytes the header block of a plain message has. */
    static int plainBytes(MessageId id) {
        return PLAIN.length + id.length() + END.length;
    }

    /** Writes the header block of a plain message. */
    static void writePlain(MessageId id, ByteBuf out) {
        out.writeBytes(PLAIN);
        for (int i = 0; i < id.length(); i++) {
            out.writeByte(printable(id.charAt(i)));
        }
        out.writeBytes(END);
    }

    // A byte is written of a character whole: what it would be cut to, nobody has looked at.
    private static int printable(char letter) {
        return letter >= ' ' && letter < 127 ? letter : '?';
    }

    private static void line(StringBuilder block, String name, String value) {
        block.append(name).append(": ").append(value).append("\r\n");
    }

    /** Returns the message in a frame, without what headers told the server. Its body stays where it is. */
    static Message read(MessageFrame frame, String topic) {
        if (!frame.hasHeaders()) {
            return Message.received(topic, Message.Labels.NONE, frame.body());
        }

        String id = HeaderBlock.first(frame, ID_NAME);
        String key = HeaderBlock.first(frame, KEY_NAME);
        int ours = (id == null ? 0 : 1) + (key == null ? 0 : 1);
        Headers headers = HeaderBlock.count(frame) == ours ? Headers.none() : users(HeaderBlock.headers(frame));
        Message.Labels labels =
                new Message.Labels(key == null ? null : decoded(key), headers, id == null ? null : idOrNull(id));

        return Message.received(topic, labels, frame.body());
    }

    private static Headers users(Headers headers) {
        Headers.Builder users = Headers.builder();
        headers.forEach((name, value) -> {
            if (!name.equalsIgnoreCase(KEY) && !PublishCondition.isReserved(name)) {
                users.add(name, value);
            }
        });
        return users.build();
    }

    // A foreign publisher may have used an id that none of ours could have.
    private static @Nullable MessageId idOrNull(String id) {
        try {
            return MessageId.of(id);
        } catch (MessagingException unfit) {
            return null;
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
