package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;

/**
 * Whether the consumer of a port is still there, and as it was: asked when something hints that it is not, once at a
 * time. On the connection's thread.
 */
final class ConsumerCheck {
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final PullPort port;
    private final SessionConnection session;
    private long newest;
    private boolean asking;

    ConsumerCheck(PullPort port, SessionConnection session) {
        this.port = port;
        this.session = session;
    }

    /** A delivery of that number came: a consumer that knows of fewer is another one. */
    void came(long delivery) {
        newest = Math.max(newest, delivery);
    }

    void arise() {
        ConsumerLife present = port.life();
        if (asking || present == null || port.loss() != null) {
            return;
        }
        asking = true;
        long known = newest;
        session.lifeOf(present, info -> judge(info, present, known));
    }

    private void judge(ApiResponse info, ConsumerLife asked, long known) {
        asking = false;
        if (port.loss() != null) {
            return;
        }
        int error = info.errorCode();
        if (error == ApiErrors.CONSUMER_NOT_FOUND || error == ApiErrors.STREAM_NOT_FOUND) {
            port.deleted("was deleted");
        } else if (isWithoutLeader(info)) {
            // Who answers while there is none may be behind.
            session.later(PAUSE_NANOS, this::arise);
        } else if (!info.isError() && ConsumerLife.isTold(info)) {
            compare(info, asked, known);
        }
    }

    private static boolean isWithoutLeader(ApiResponse info) {
        return info.has("cluster") && info.part("cluster").text("leader").isEmpty();
    }

    private void compare(ApiResponse info, ConsumerLife asked, long known) {
        try {
            ConsumerLife told = ConsumerLife.of(info);
            if (told.isLaterLifeOf(asked, known)) {
                port.deleted("was deleted and made anew");
            } else {
                port.changed(told.in(asked));
            }
        } catch (MessagingException untrue) {
            port.troubled(untrue.code(), String.valueOf(untrue.getMessage()));
        }
    }
}
