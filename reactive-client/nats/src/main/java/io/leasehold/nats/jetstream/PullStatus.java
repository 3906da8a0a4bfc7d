package io.leasehold.nats.jetstream;

import java.util.Locale;

/** Says what a status on the subscription of a pull means. Statuses and texts as the servers 2.9 to 2.15 send them. */
enum PullStatus {
    /** The pull is there. */
    ALIVE,
    /** The pull is over as it should be. */
    ENDED,
    /** The pull is over because the next message has more bytes than are left of it. */
    TOO_LARGE,
    /** The count of a pull that is bounded in bytes was reached: it comes before or after the last of them arrives. */
    COMPLETED,
    /** The pull is over because the consumer moves; something of it may still come. */
    MOVED,
    /** Nobody answers for the consumer. */
    ABSENT,
    /** The server does not take such a pull, for the moment or for good. */
    REFUSED,
    /** The consumer is gone. */
    DELETED,
    /** The consumer is of another kind, or the pull is wrong. */
    WRONG;

    private static final int IDLE = 100;
    private static final int WRONG_REQUEST = 400;
    private static final int NONE = 404;
    private static final int TIMEOUT = 408;
    private static final int CONFLICT = 409;
    private static final int NO_RESPONDERS = 503;

    static PullStatus of(int status, String text) {
        return switch (status) {
            case IDLE -> ALIVE;
            case NONE, TIMEOUT -> ENDED;
            case WRONG_REQUEST -> WRONG;
            case CONFLICT -> conflict(text.toLowerCase(Locale.ROOT));
            case NO_RESPONDERS -> ABSENT;
            default -> REFUSED;
        };
    }

    /** Tells whether it ends the pull, but for what was sent of it and has not come yet. */
    boolean isEnd() {
        return this != ALIVE && this != COMPLETED;
    }

    private static PullStatus conflict(String text) {
        if (text.contains("consumer deleted")) {
            return DELETED;
        }
        if (text.contains("push based")) {
            return WRONG;
        }
        if (text.contains("leadership") || text.contains("shutdown")) {
            return MOVED;
        }
        // "Exceeded MaxRequestMaxBytes" is another one: the consumer does not take so large a pull.
        if (text.contains("maxbytes") && !text.contains("exceeded")) {
            return TOO_LARGE;
        }

        return text.contains("batch completed") ? COMPLETED : REFUSED;
    }
}
