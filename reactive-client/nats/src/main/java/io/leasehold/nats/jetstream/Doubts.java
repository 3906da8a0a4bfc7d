package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;

/**
 * Whether the consumer of a port is still there, and as it was: asked when something hints that it is not, once at a
 * time. On the connection's thread.
 */
final class Doubts {
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final PullPort port;
    private final Strand strand;
    private long newest;
    private boolean asking;

    Doubts(PullPort port, Strand strand) {
        this.port = port;
        this.strand = strand;
    }

    /** A delivery of that number came: a consumer that knows of fewer is another one. */
    void came(long delivery) {
        newest = Math.max(newest, delivery);
    }

    void arise() {
        GroupLife present = port.life();
        if (asking || present == null || port.loss() != null) {
            return;
        }
        asking = true;
        long known = newest;
        strand.lifeOf(present, info -> judge(info, present, known));
    }

    private void judge(ApiAnswer info, GroupLife asked, long known) {
        asking = false;
        if (port.loss() != null) {
            return;
        }
        int error = info.errorCode();
        if (error == ApiErrors.CONSUMER_NOT_FOUND || error == ApiErrors.STREAM_NOT_FOUND) {
            port.deleted("was deleted");
        } else if (isWithoutLeader(info)) {
            // Who answers while there is none may be behind.
            strand.later(PAUSE_NANOS, this::arise);
        } else if (!info.isError() && GroupLife.isTold(info)) {
            compare(info, asked, known);
        }
    }

    private static boolean isWithoutLeader(ApiAnswer info) {
        return info.has("cluster") && info.part("cluster").text("leader").isEmpty();
    }

    private void compare(ApiAnswer info, GroupLife asked, long known) {
        try {
            GroupLife told = GroupLife.of(info);
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
