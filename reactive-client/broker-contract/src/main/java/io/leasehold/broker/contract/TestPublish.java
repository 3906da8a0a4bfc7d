package io.leasehold.broker.contract;

import io.leasehold.broker.PublishItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A publish that remembers its signals. */
public final class TestPublish implements PublishItem {
    private final Message message;
    private final MessageId id;
    private final List<String> signals = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean takenBack;
    private volatile boolean foundTakenBack;
    private volatile long sequence;
    private volatile boolean duplicate;
    private volatile @Nullable MessagingException error;

    /** A publish of a message that has an id. */
    public TestPublish(Message message) {
        this(message, message.id().orElseThrow());
    }

    /** A publish of a message under an id. */
    public TestPublish(Message message, MessageId id) {
        this.message = message;
        this.id = id;
    }

    /** Has the gate say no from now on. */
    public TestPublish takeBack() {
        takenBack = true;
        return this;
    }

    /** Has it begin anew, as a publish does that is written again. */
    void repeat() {
        signals.clear();
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public MessageId id() {
        return id;
    }

    @Override
    public boolean tryWrite() {
        asked.incrementAndGet();
        return isOpen();
    }

    @Override
    public boolean isOpen() {
        foundTakenBack |= takenBack;
        return !takenBack;
    }

    @Override
    public void confirmed(long newSequence, boolean isDuplicate) {
        sequence = newSequence;
        duplicate = isDuplicate;
        signals.add("confirmed");
    }

    @Override
    public void failed(MessagingException newError) {
        error = newError;
        signals.add("failed " + newError.code());
    }

    /** The signals so far. */
    public List<String> signals() {
        return signals;
    }

    /** Whether it has ended as it may: in one signal, or in none when it was taken back. */
    public boolean isOver() {
        return signals.size() == (takenBack ? 0 : 1);
    }

    /** Whether the broker has said that it has the message. */
    public boolean isConfirmed() {
        return signals.equals(List.of("confirmed"));
    }

    /** Whether the broker said that it had the message already. */
    public boolean isDuplicate() {
        return isConfirmed() && duplicate;
    }

    /** The number that the broker gave it. */
    public long sequence() {
        return sequence;
    }

    /** Whether the broker has seen that it was taken back: at the gate, or before, while it waited to be written. */
    public boolean isFoundTakenBack() {
        return foundTakenBack;
    }

    /** How often the gate was asked. */
    public int asked() {
        return asked.get();
    }

    /** What it failed with. */
    public @Nullable MessagingException error() {
        return error;
    }

    /** The code it failed with. */
    public @Nullable ErrorCode failure() {
        MessagingException known = error;
        return known == null ? null : known.code();
    }

    @Override
    public String toString() {
        return "publish of " + id + " " + signals;
    }
}
