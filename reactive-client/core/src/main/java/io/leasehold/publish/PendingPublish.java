package io.leasehold.publish;

import io.leasehold.broker.PublishItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.message.PublishReceipt;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One publish, from its subscription to its end: the item that the broker writes and answers, the view that stages
 * see, and the node of the window's lists. What competes is in {@link WriteState}; everything else but the answer is
 * touched in the window's turns only.
 */
abstract class PendingPublish extends Staged implements PublishItem {
    final PublishMode mode;
    Place place = Place.NEW;
    long start;
    int writings;
    boolean doubtful;
    boolean parked;

    @Nullable
    KeyLane lane;

    @Nullable
    Nap nap;

    /** What goes out with each message beside what is its own: lines, lengths, a reply subject. */
    private static final int REST_BYTES = 128;

    /** A key travels escaped where it is not plain text. */
    private static final int KEY_CHARACTER_BYTES = 3;

    private Message message;
    private @Nullable MessageId id;
    private volatile @Nullable Object answer;
    private volatile @Nullable Object outcome;

    PendingPublish(PublishMode mode, Message message, @Nullable MessageId id) {
        this.mode = mode;
        this.message = message;
        this.id = id;
    }

    /** Tells the subscriber, in time; never within this call. */
    abstract void signal();

    /** Whether it counts among those that wait on their own; else its subscription bounds it. */
    abstract boolean isSingle();

    /** What was taken of its subscriber for the stages; null where there are none. */
    abstract @Nullable Captured captured();

    /** Has the window look at it. */
    final void post() {
        if (enterLine()) {
            mode.window().post(this);
        }
    }

    /** Nobody listens any more: takes it back if it is not written yet. */
    final void withdraw() {
        if (cancelOnce()) {
            post();
        }
    }

    @Override
    final void takeTurn(PublishWindow window) {
        leaveLine();
        Object said = answer;
        if (place == Place.NEW) {
            window.begin(this);
        } else if (said != null) {
            answer = null;
            window.answered(this, said);
        } else if (takeBack()) {
            window.end(this, PublishOutcome.TAKEN_BACK);
        }
    }

    final void begin(long now, Ids ids) {
        start = now;
        if (id == null) {
            id = message.id().orElseGet(ids::next);
        }
    }

    /** What the publish ended with: a receipt, an error, or {@link PublishOutcome#TAKEN_BACK}. */
    final void outcome(Object end) {
        outcome = end;
        place = Place.ENDED;
    }

    final @Nullable Object outcome() {
        return outcome;
    }

    @Override
    public final Message message() {
        return message;
    }

    @Override
    public final void header(String name, String value) {
        message = message.headers(message.headers().without(name).with(name, value));
    }

    @Override
    public final MessageId id() {
        return Objects.requireNonNull(id);
    }

    /** About how many bytes go out; the same from when it takes its place in the window until it leaves it. */
    final long weightBytes() {
        long labels = message.headers().sizeBytes()
                + (long) message.key().map(String::length).orElse(0) * KEY_CHARACTER_BYTES;
        return (long) REST_BYTES + message.topic().length() + id().length() + message.sizeBytes() + labels;
    }

    // A single publish keeps its id over subscriptions, by which it may be repeated from outside.
    @Override
    public final boolean isRecognisable() {
        return isSingle() || message.id().isPresent() || mode.window().repeats();
    }

    @Override
    public final @Nullable ErrorCode failure() {
        return outcome instanceof PublishException failed ? failed.code() : null;
    }

    @Override
    public final @Nullable Throwable error() {
        return outcome instanceof PublishException failed ? failed : null;
    }

    @Override
    public final boolean tryWrite() {
        if (isDecided()) {
            return false;
        }
        if (mode.isOpen()) {
            return write();
        }
        answer(ErrorCode.LEASE_LOST);
        return false;
    }

    @Override
    public final boolean isOpen() {
        return !isDecided();
    }

    @Override
    public final void confirmed(long sequence, boolean duplicate) {
        if (!answer(new PublishReceipt(id(), message.topic(), sequence, duplicate))) {
            mode.window().late(this);
        }
    }

    @Override
    public final void failed(MessagingException error) {
        if (!answer(error)) {
            mode.window().late(this);
        }
    }

    private boolean answer(Object said) {
        if (!decide()) {
            return false;
        }
        answer = said;
        post();
        return true;
    }
}
