package io.leasehold.error;

import java.util.Arrays;
import java.util.Optional;

/**
 * One code per cause. Codes are stable: a program may compare them, a dashboard may count them, and a text may change
 * while its code stays.
 */
public enum ErrorCode {
    /** A setting is out of its bounds or contradicts another one. */
    BAD_SETTING("LH-100", Category.USAGE, false),
    /** A topic has an empty token, a space, a control character, or a wildcard where none is allowed. */
    BAD_TOPIC("LH-101", Category.USAGE, false),
    /** A header name or value holds a character that no broker may see. */
    BAD_HEADER("LH-102", Category.USAGE, false),
    /** A message id is empty, too long, or holds a control character. */
    BAD_MESSAGE_ID("LH-103", Category.USAGE, false),
    /** A body or a whole message is larger than the broker takes. */
    TOO_LARGE("LH-104", Category.USAGE, false),
    /** No codec is known for a type. */
    CODEC_MISSING("LH-105", Category.USAGE, false),
    /** A body could not be turned into the wanted type. */
    DECODE_FAILED("LH-106", Category.USAGE, false),
    /** A value could not be turned into a body. */
    ENCODE_FAILED("LH-107", Category.USAGE, false),
    /** The lease time is too short for the safety margins: {@code T <= 4(J+B+N)}. */
    LEASE_TIME_TOO_SHORT("LH-108", Category.USAGE, false),
    /** A dead-letter or send-to topic would be consumed by the very consumer that writes it. */
    TOPIC_LOOP("LH-109", Category.USAGE, false),
    /** A handler returned null, or a publisher that broke the Reactive Streams rules. */
    BAD_HANDLER("LH-110", Category.USAGE, false),
    /** The consumer has an active subscription already. */
    ALREADY_CONSUMING("LH-111", Category.USAGE, false),
    /** The setting cannot be changed while the group is consumed. */
    SETTING_FIXED("LH-112", Category.USAGE, false),

    /** The lease is no longer held; nothing was written. */
    LEASE_LOST("LH-200", Category.LEASE, false),
    /** Another settlement of this delivery was decided before; nothing was written. */
    ALREADY_SETTLED("LH-201", Category.LEASE, false),
    /** The send deadline passed before the settlement could be written. */
    EXPIRED("LH-202", Category.LEASE, false),
    /** A nak would have been written so late that it could free somebody else's lease. */
    NAK_TOO_LATE("LH-203", Category.LEASE, false),
    /** The answer to a touch did not come before the deadline. */
    TOUCH_UNANSWERED("LH-204", Category.LEASE, true),

    /** The handler did not end within its timeout. */
    HANDLER_TIMEOUT("LH-300", Category.WORK, true),
    /** The handler ended with an error. */
    HANDLER_FAILED("LH-301", Category.WORK, true),
    /** The work took longer than {@code maxHold}. */
    HOLD_EXCEEDED("LH-311", Category.WORK, true),
    /** A message was delivered again and again and never finished: it kills its workers. */
    NEVER_FINISHED("LH-302", Category.WORK, false),
    /** A dead letter was refused or not confirmed in time. */
    DEAD_LETTER_FAILED("LH-303", Category.WORK, true),
    /** A stage refused the message. */
    STAGE_REFUSED("LH-304", Category.WORK, true),
    /** A circuit breaker is open. */
    BREAKER_OPEN("LH-305", Category.WORK, true),
    /** A rate limiter had no permit in time. */
    RATE_LIMITED("LH-306", Category.WORK, true),
    /** A bulkhead was full. */
    BULKHEAD_FULL("LH-307", Category.WORK, true),
    /** The order within a key cannot be kept for what follows. */
    KEY_ORDER_BROKEN("LH-308", Category.WORK, false),
    /** A cancel has waited too long for a thread of the cancel executor. */
    CANCEL_STARVED("LH-309", Category.WORK, true),
    /** No thread could be started for a blocking handler; the message is delivered again. */
    NO_THREAD("LH-310", Category.WORK, true),
    /** A codec cannot work now, and may later; the message is tried again. */
    CODEC_UNAVAILABLE("LH-312", Category.WORK, true),
    /** The release of a resource that was bound to a lease did not end in time. */
    RELEASE_UNFINISHED("LH-313", Category.WORK, false),

    /** Neither a group nor retention would keep the message. */
    NO_GROUP("LH-400", Category.BROKER, false),
    /** The group was deleted, or deleted and made anew. */
    GROUP_GONE("LH-401", Category.BROKER, false),
    /** The group exists with other settings. */
    GROUP_MISMATCH("LH-402", Category.BROKER, false),
    /** The broker did not answer in time; whether the operation happened is unknown. */
    UNKNOWN("LH-403", Category.BROKER, true),
    /** The connection is down, or broke before the operation could be written. */
    DISCONNECTED("LH-404", Category.BROKER, true),
    /** The broker is full and did not make room in time. */
    BROKER_FULL("LH-405", Category.BROKER, true),
    /** Permission is missing or was taken away. */
    NOT_PERMITTED("LH-406", Category.BROKER, false),
    /** The broker refused the request. */
    REFUSED("LH-407", Category.BROKER, false),
    /** What came is not the broker's protocol, or more than the limits allow; the connection is closed. */
    PROTOCOL("LH-408", Category.BROKER, true),
    /** Nobody answers requests on this subject at the moment. */
    NO_RESPONDERS("LH-409", Category.BROKER, true),
    /** The connection could not be secured: the certificate, the name in it, or the server does not offer TLS. */
    TLS_FAILED("LH-410", Category.BROKER, true),
    /** What a publish expected of its stream is not so; it was not stored. */
    NOT_AS_EXPECTED("LH-411", Category.BROKER, false),
    /** The broker is too old for what was asked for, or has it switched off. */
    UNSUPPORTED("LH-412", Category.BROKER, false),

    /** More publishes wait for their answer than the window allows. */
    WINDOW_FULL("LH-500", Category.LIMIT, true),
    /** An earlier message of the key failed; the key is halted until it is resumed. */
    KEY_HALTED("LH-501", Category.LIMIT, false),
    /** Too many keys are halted. */
    KEYS_HALTED("LH-502", Category.LIMIT, false),
    /** A publish was not confirmed within its timeout. */
    PUBLISH_TIMEOUT("LH-503", Category.LIMIT, true),
    /** One run of a handler derived more messages than are remembered. */
    TOO_MANY_DERIVED("LH-504", Category.LIMIT, false),
    /** More bytes, requests or subscriptions wait for a connection than are allowed. */
    CONNECTION_FULL("LH-505", Category.LIMIT, true),

    /** The client, consumer or broker is closed. */
    CLOSED("LH-600", Category.LIFECYCLE, false),
    /** A scheduler that was set takes no task: it is disposed, or full. */
    SCHEDULER_REJECTED("LH-601", Category.LIFECYCLE, false),
    /** The client consumes nothing of this group at this moment. */
    NOT_CONSUMED("LH-602", Category.LIFECYCLE, false),
    /** A defect of the library; please report it. */
    INTERNAL("LH-900", Category.DEFECT, false);

    /** Who can do something about it. */
    public enum Category {
        /** The caller: a setting, a name, a type. */
        USAGE,
        /** The lease of a delivery. */
        LEASE,
        /** The handler and what stands around it. */
        WORK,
        /** The message system. */
        BROKER,
        /** A bound that was reached. */
        LIMIT,
        /** Start and stop. */
        LIFECYCLE,
        /** The library itself. */
        DEFECT
    }

    private final String id;
    private final Category category;
    private final boolean retryable;

    ErrorCode(String id, Category category, boolean retryable) {
        this.id = id;
        this.category = category;
        this.retryable = retryable;
    }

    /** The stable id, for example {@code LH-201}. */
    public String id() {
        return id;
    }

    /** The code of an {@link #id()}, as it stands in a dead letter; empty for one that this version does not know. */
    public static Optional<ErrorCode> ofId(String id) {
        return Arrays.stream(values()).filter(code -> code.id.equals(id)).findFirst();
    }

    /** Who can do something about it. */
    public Category category() {
        return category;
    }

    /** Whether the same operation may succeed when it is tried again unchanged. */
    public boolean retryable() {
        return retryable;
    }
}
