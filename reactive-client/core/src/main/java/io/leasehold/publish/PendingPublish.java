package io.leasehold.publish;

import io.leasehold.broker.PublishItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.pace.DelayQueue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Is one publish, from its subscription to its end: the item that the broker writes and answers, the view that stages
 * see, and the node of the window's lists. What competes is in {@link WriteState}; everything else but the answer is
 * touched in the window's turns only.
 *
 * <p>One object for each message, and nothing beside it. With compressed pointers:
 *
 * <pre>
 *     0  header                                12       52  openBefore, openAfter                   8
 *    12  next in the line of turns              4       60  waitsBefore, waitsAfter                 8
 *    16  word of WriteState                     4       68  lane, delay                             8
 *    20  writings                               4       76  laterStates                             4
 *    24  start                                  8       80  message, id                             8
 *    32  firstState                             8       88  answer, outcome                         8
 *    40  doubtful, parked                       2       96  in a Mono: admitted, captured, actual  12  = 112
 *    42  stage, stagesEntered                   2       96  in a Flux: owner, given                 8  = 104
 *    44  mode, phase                            8
 * </pre>
 */
abstract class PendingPublish extends WriteState implements PublishItem, PublishView {
    /** Says how far a publish has come. */
    enum Phase {
        /** Not begun. */
        NEW,
        /** Waiting for its turn within its key. */
        KEYED,
        /** Delayed by a stage. */
        DELAYED,
        /** Waiting for a slot. */
        WAITING,
        /** With a slot, handed to the broker. */
        OUT,
        /** With a slot, waiting to be written once more. */
        AGAIN,
        /** Over. */
        ENDED;

        /** Tells whether a publish holds a slot of the window. */
        boolean hasSlot() {
            return this == OUT || this == AGAIN;
        }
    }

    /** Is a publish that waits for an instant: a stage delayed it, or it is to be written once more. */
    static final class Delay extends DelayQueue.Entry {
        final PendingPublish publish;

        Delay(PendingPublish publish) {
            this.publish = publish;
        }
    }

    /** What goes out with each message beside what is its own: lines, lengths, a reply subject. */
    private static final int REST_BYTES = 128;

    /** A key travels escaped where it is not plain text. */
    private static final int KEY_CHARACTER_BYTES = 3;

    /** For how many stages after the first there is room at once. */
    private static final int LATER_STATES = 3;

    final PublishMode mode;
    Phase phase = Phase.NEW;
    long start;
    int writings;
    boolean doubtful;
    boolean parked;

    @Nullable
    PendingPublish openBefore;

    @Nullable
    PendingPublish openAfter;

    @Nullable
    PendingPublish waitsBefore;

    @Nullable
    PendingPublish waitsAfter;

    KeyOrder.@Nullable Lane lane;

    @Nullable
    Delay delay;

    // A client has at most as many stages as a byte can count.
    private byte stage;
    private byte stagesEntered;
    private long firstState;
    private long @Nullable [] laterStates;
    private Message message;
    private @Nullable MessageId id;
    private volatile @Nullable Object answer;
    private volatile @Nullable Object outcome;

    PendingPublish(PublishMode mode, Message message, @Nullable MessageId id) {
        this.mode = mode;
        this.message = message;
        this.id = id;
    }

    /** Has the subscriber told the end, in time; never within this call. */
    abstract void signal();

    /** Returns what the publish ends with when the broker has confirmed it. */
    abstract Object confirmation(long sequence, boolean duplicate);

    /** Tells whether the publish counts among those that wait on their own; else its subscription bounds it. */
    abstract boolean isSingle();

    /** Returns what was taken of the subscriber for the stages; null where there are none. */
    abstract StageChain.@Nullable Captured captured();

    /** Has the window look at the publish. */
    final void post() {
        if (enterLine()) {
            mode.window().post(this);
        }
    }

    /** Takes the publish back if it is not written yet: nobody listens any more. */
    final void withdraw() {
        if (cancelOnce()) {
            post();
        }
    }

    /** Begins the publish in the window: from now on it has an id, and its timeout runs. */
    final void begin(long now, Ids ids) {
        start = now;
        if (id == null) {
            id = message.id().orElseGet(ids::next);
        }
    }

    /** Takes what the broker answered, or why the publish was refused at the gate; null when nothing was said. */
    final @Nullable Object pollAnswer() {
        Object said = answer;
        if (said != null) {
            answer = null;
        }
        return said;
    }

    /** Ends the publish with its confirmation, an error, or {@link PublishOutcome#TAKEN_BACK}. */
    final void end(Object with) {
        outcome = with;
        phase = Phase.ENDED;
    }

    /** Returns what the publish ended with; null before its end. */
    final @Nullable Object outcome() {
        return outcome;
    }

    /** Tells whether the broker may have the message. */
    final boolean isUnknown() {
        return doubtful || isWritten();
    }

    /** Tells about how many bytes go out; the same from when a slot is taken until it is given back. */
    final long weightBytes() {
        long labels = message.headers().sizeBytes()
                + (long) message.key().map(String::length).orElse(0) * KEY_CHARACTER_BYTES;
        return (long) REST_BYTES + message.topic().length() + id().length() + message.sizeBytes() + labels;
    }

    // What the broker sees.

    @Override
    public final Message message() {
        return message;
    }

    @Override
    public final MessageId id() {
        return Objects.requireNonNull(id);
    }

    // A single publish keeps its id over subscriptions, by which it may be repeated from outside.
    @Override
    public final boolean isRecognisable() {
        return isSingle() || message.id().isPresent() || mode.window().retries();
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
        if (!answer(confirmation(sequence, duplicate))) {
            mode.window().events().lateAnswer(id());
        }
    }

    @Override
    public final void failed(MessagingException error) {
        if (!answer(error)) {
            mode.window().events().lateAnswer(id());
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

    // What stages see, and what is kept for them.

    /** Returns the stage that is asked next, or was asked last. */
    final int stage() {
        return stage;
    }

    /** Goes to a stage, whose state {@link #state()} is from now on. */
    final void stage(int asked) {
        stage = (byte) asked;
    }

    /** Tells how many stages are to be told the end. */
    final int stagesEntered() {
        return stagesEntered;
    }

    final void stagesEntered(int stages) {
        stagesEntered = (byte) stages;
    }

    @Override
    public final long state() {
        if (stage == 0) {
            return firstState;
        }
        return laterStates == null || laterStates.length < stage ? 0 : laterStates[stage - 1];
    }

    @Override
    public final void state(long newState) {
        if (stage == 0) {
            firstState = newState;
            return;
        }
        laterStates()[stage - 1] = newState;
    }

    private long[] laterStates() {
        if (laterStates == null || laterStates.length < stage) {
            long[] longer = new long[Math.max(LATER_STATES, stage)];
            if (laterStates != null) {
                System.arraycopy(laterStates, 0, longer, 0, laterStates.length);
            }
            laterStates = longer;
        }
        return laterStates;
    }

    @Override
    public final void header(String name, String value) {
        message = message.headers(message.headers().without(name).with(name, value));
    }

    @Override
    public final @Nullable ErrorCode failure() {
        return outcome instanceof PublishException failed ? failed.code() : null;
    }

    @Override
    public final @Nullable Throwable error() {
        return outcome instanceof PublishException failed ? failed : null;
    }
}
