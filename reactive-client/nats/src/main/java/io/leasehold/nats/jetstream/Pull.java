package io.leasehold.nats.jetstream;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.connection.MessageHandler;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.connection.Subscription;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import org.jspecify.annotations.Nullable;

/**
 * One delivery subscription and the pull that is outstanding on it, of which there is at most one: so every delivery
 * has the anchor of its own pull. On the connection's thread.
 *
 * <pre>
 *   free ── ask ──► asked ── written ──► out ── all that was sent has come ─────────────────► free
 *                     ├────────────────── silence, disconnected: what comes runs out ─────► retired
 *                     `────────────────── withdrawn: what comes is given back ────────────► retired
 * </pre>
 */
final class Pull implements MessageHandler {
    private final Pulls pulls;
    private final Subject inbox;
    private @Nullable Subscription subscription;
    private int open;
    private int asked;
    private long anchorNanos;
    private long heardNanos;
    private long number;
    private boolean retired;
    private boolean toldUnasked;

    Pull(Pulls pulls, Subject inbox) {
        this.pulls = pulls;
        this.inbox = inbox;
    }

    void listen(NatsConnection connection) {
        subscription = connection.subscribe(inbox, null, this);
    }

    Subject inbox() {
        return inbox;
    }

    /** How many deliveries may still come for it. */
    int open() {
        return open;
    }

    boolean isFree() {
        return open == 0 && !retired;
    }

    /** Whether nothing came for it yet. */
    boolean isUntouched() {
        return open == asked;
    }

    /** Asks for so many; gives the number by which later looks know this pull from the next one. */
    long ask(int count) {
        open = count;
        asked = count;
        toldUnasked = false;
        return ++number;
    }

    /** Whether this is still the pull of that number. */
    boolean isOut(long asked) {
        return number == asked && open > 0 && !retired;
    }

    /** Its bytes are made now. */
    void written(long nanos) {
        anchorNanos = nanos;
        heardNanos = nanos;
    }

    long anchorNanos() {
        return anchorNanos;
    }

    long heardNanos() {
        return heardNanos;
    }

    void heard(long nanos) {
        heardNanos = nanos;
    }

    void arrived() {
        open--;
    }

    /** Whether what came beyond what was asked for is the first such thing since then. */
    boolean isFirstUnasked() {
        boolean first = !toldUnasked;
        toldUnasked = true;
        return first;
    }

    /**
     * It has ended, with so many deliveries not sent. With replicas that word may overtake deliveries: when those that
     * were sent have come, its end is proven.
     */
    void end(int unsent) {
        open = Math.max(0, open - unsent);
    }

    /** Nothing more of it is taken: what still comes is left to run out. */
    void retire() {
        end(false);
    }

    /** Nothing more of it is taken: what the server has sent by then is given back. */
    void withdraw() {
        end(open > 0);
    }

    private void end(boolean maySend) {
        retired = true;
        open = 0;
        Subscription present = subscription;
        if (present != null && maySend) {
            present.leave();
        } else if (present != null) {
            present.cancel();
        }
    }

    @Override
    public void message(MessageFrame frame) {
        if (retired) {
            pulls.surplus(this, frame);
        } else {
            pulls.came(this, frame);
        }
    }

    @Override
    public void failed(MessagingException why) {
        pulls.broken(this, why);
    }
}
