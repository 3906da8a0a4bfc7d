package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;

/**
 * Checks whether the consumer of a port is still there, and as it was: when something hints that it is not, once at a
 * time. On the connection's thread.
 */
final class ConsumerCheck {
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final PullPort port;
    private final PortContext context;
    private long newest;
    private boolean asking;

    ConsumerCheck(PullPort port, PortContext context) {
        this.port = port;
        this.context = context;
    }

    /** Notes the number of a delivery that came: a consumer that knows of fewer is another one. */
    void came(long delivery) {
        newest = Math.max(newest, delivery);
    }

    /** Checks, unless a check is under way. */
    void run() {
        ConsumerLife present = port.life();
        if (asking || present == null || port.loss() != null) {
            return;
        }
        asking = true;
        long known = newest;
        context.lifeOf(present, info -> judge(info, present, known));
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
            context.later(PAUSE_NANOS, this::run);
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
