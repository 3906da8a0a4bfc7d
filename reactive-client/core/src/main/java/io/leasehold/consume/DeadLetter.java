package io.leasehold.consume;

import io.leasehold.broker.PublishRules;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of a dead-letter topic: key, body and headers are those of the message that was given up, and headers of
 * ours say which one it was and why. They replace what the message itself had of these names; of more than 984 headers
 * the last ones are left out. Read one with {@link #of}; put letters back with {@code MessageClient.redrive}.
 *
 * <p>A letter of a message that was redriven names the first origin, too: where the message came from before it was
 * ever given up.
 */
public final class DeadLetter {
    /** The header that names the topic which the message was given up on. */
    public static final String TOPIC = "Leasehold-Topic";

    /** The header that names the group which gave it up. */
    public static final String GROUP = "Leasehold-Group";

    /** The header with the id of the message, where it had one. */
    public static final String MESSAGE_ID = "Leasehold-Message-Id";

    /** The header that tells how often the message had been handed out. */
    public static final String DELIVERY_COUNT = "Leasehold-Delivery-Count";

    /** The header with the id of the {@link ErrorCode}. */
    public static final String CODE = "Leasehold-Code";

    /** The header with the reason in words: at most 500 printable characters; missing where there was no room. */
    public static final String REASON = "Leasehold-Reason";

    /** The header that names the topic which a redriven message came from first. */
    public static final String FIRST_TOPIC = "Leasehold-First-Topic";

    /** The header with the id that a redriven message had first, where it had one. */
    public static final String FIRST_MESSAGE_ID = "Leasehold-First-Message-Id";

    /** The header that tells how often a message was redriven. */
    public static final String REDRIVES = "Leasehold-Redrives";

    /** The header that names the redrive which a message was put back by. */
    static final String REDRIVE_RUN = "Leasehold-Redrive-Run";

    /** What the ids of redriven messages begin with. */
    static final String REDRIVEN_ID = "redrive-";

    private static final int REASON_MAX = 500;
    private static final int OWN_MAX = PublishRules.HEADERS_MAX - 16;
    private static final List<String> OF_LETTER = List.of(TOPIC, GROUP, MESSAGE_ID, DELIVERY_COUNT, CODE, REASON);
    private static final List<String> OF_REDRIVE = List.of(FIRST_TOPIC, FIRST_MESSAGE_ID, REDRIVES, REDRIVE_RUN);

    private final Message message;

    private DeadLetter(Message message) {
        this.message = message;
    }

    /** Reads a message as a dead letter; empty when it is none: it names no topic, group and code. */
    public static Optional<DeadLetter> of(Message message) {
        Headers headers = message.headers();
        boolean letter = headers.first(TOPIC).isPresent()
                && headers.first(GROUP).isPresent()
                && headers.first(CODE).isPresent();
        return letter ? Optional.of(new DeadLetter(message)) : Optional.empty();
    }

    /** Gives the letter as it was received. */
    public Message message() {
        return message;
    }

    /** Gives the topic that the message was given up on. */
    public String origin() {
        return text(TOPIC);
    }

    /** Gives the group that gave it up. */
    public String group() {
        return text(GROUP);
    }

    /** Gives the id that the message had when it was given up; empty when it had none. */
    public Optional<String> messageId() {
        return message.headers().first(MESSAGE_ID);
    }

    /** Says why; empty for a code that this version does not know. */
    public Optional<ErrorCode> code() {
        return ErrorCode.ofId(text(CODE));
    }

    /** Says why, in words; empty when nobody gave any, or there was no room for them. */
    public Optional<String> reason() {
        return message.headers().first(REASON);
    }

    /** Says how often the message had been handed out; 0 when the broker did not know. */
    public int deliveryCount() {
        return number(DELIVERY_COUNT);
    }

    /**
     * Gives the topic that the message came from before it was ever given up: of the first redrive, else the origin.
     */
    public String firstOrigin() {
        return message.headers().first(FIRST_TOPIC).orElseGet(this::origin);
    }

    /** Gives the id that the message had before it was ever given up; empty when it had none. */
    public Optional<String> firstMessageId() {
        return message.headers().first(FIRST_TOPIC).isPresent()
                ? message.headers().first(FIRST_MESSAGE_ID)
                : messageId();
    }

    /** Says how often it was redriven before. */
    public int redrives() {
        return number(REDRIVES);
    }

    private String text(String name) {
        return message.headers().first(name).orElse("");
    }

    private int number(String name) {
        String text = text(name);
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    // ---- how they are made

    /** What is told about the message that is given up. */
    record Cause(
            String group,
            int deliveries,
            ErrorCode code,
            @Nullable String reason) {}

    /** Gives the headers of a letter: the message's own, and ours instead of what it had of our names. */
    static Headers headersOf(Message source, Cause cause) {
        Headers headers = own(source)
                .with(TOPIC, oneLine(source.topic()))
                .with(GROUP, cause.group())
                .with(DELIVERY_COUNT, Integer.toString(cause.deliveries()))
                .with(CODE, cause.code().id());
        if (source.id().isPresent()) {
            headers = headers.with(MESSAGE_ID, source.id().get().value());
        }

        return cause.reason() == null ? headers : headers.with(REASON, oneLine(cause.reason()));
    }

    /** Gives the least that makes a letter one, for a topic that has room for hardly more than the message. */
    static Headers leastHeadersOf(Message source, Cause cause) {
        return own(source)
                .with(TOPIC, oneLine(source.topic()))
                .with(GROUP, cause.group())
                .with(CODE, cause.code().id());
    }

    // Of a message with very many the last ones are left out: a letter with all of them would be refused.
    private static Headers own(Message source) {
        Headers.Builder own = Headers.builder();
        without(without(source.headers(), OF_LETTER), OF_REDRIVE).forEach((name, value) -> {
            if (own.size() < OWN_MAX) {
                own.add(name, value);
            }
        });
        if (isRedriven(source)) {
            OF_REDRIVE.forEach(name -> source.headers().first(name).ifPresent(value -> own.add(name, value)));
        }

        return own.build();
    }

    // Who copies all headers of a redriven message into one of its own has not redriven that.
    private static boolean isRedriven(Message source) {
        return source.id().isPresent() && source.id().get().value().startsWith(REDRIVEN_ID);
    }

    /** Gives the message that goes back to the origin: as it was given up, with its first origin. */
    Message redriven(MessageId id, String run) {
        Headers headers = without(without(message.headers(), OF_LETTER), OF_REDRIVE)
                .with(FIRST_TOPIC, firstOrigin())
                .with(REDRIVES, Integer.toString(redrives() + 1))
                .with(REDRIVE_RUN, run);
        if (firstMessageId().isPresent()) {
            headers = headers.with(FIRST_MESSAGE_ID, firstMessageId().get());
        }
        return message.topic(origin()).headers(headers).id(id);
    }

    /** Tells whether the message was put back by this redrive, and given up again since. */
    boolean cameBackTo(String run) {
        return message.headers().first(REDRIVE_RUN).filter(run::equals).isPresent();
    }

    private static Headers without(Headers headers, List<String> names) {
        Headers rest = headers;
        for (String name : names) {
            rest = rest.without(name);
        }
        return rest;
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("[^ -~]", " ").strip();
        return line.length() > REASON_MAX ? line.substring(0, REASON_MAX) : line;
    }

    @Override
    public String toString() {
        return "DeadLetter[" + origin() + ", group=" + group() + ", code=" + text(CODE) + "]";
    }
}
