package io.leasehold.publish;

import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A broker's port that does what a test tells it to: answers within the call, later, elsewhere, wrongly or never. */
final class ScriptedPort implements PublishPort {
    /** What was handed over and neither confirmed within the call nor dropped, in order. */
    final List<PublishItem> held = Collections.synchronizedList(new ArrayList<>());
    /** The ids of what was written, in order; one that is written twice is there twice. */
    final List<String> written = Collections.synchronizedList(new ArrayList<>());

    final AtomicLong handed = new AtomicLong();
    private final AtomicLong sequence = new AtomicLong();
    private volatile Consumer<PublishItem> script = this::confirm;

    @Override
    public void publish(PublishItem item) {
        handed.incrementAndGet();
        script.accept(item);
    }

    /** From now on answers within the call. */
    ScriptedPort confirms() {
        script = this::confirm;
        return this;
    }

    /** From now on writes, and answers when told. */
    ScriptedPort writesAndHolds() {
        script = item -> {
            if (write(item)) {
                held.add(item);
            }
        };
        return this;
    }

    /** From now on does not even write. */
    ScriptedPort holdsUnwritten() {
        script = held::add;
        return this;
    }

    /** From now on answers with an error, having written before. */
    ScriptedPort fails(ErrorCode code) {
        return does(item -> {
            if (write(item)) {
                item.failed(error(code));
            }
        });
    }

    /** From now on confirms on another thread. */
    ScriptedPort confirmsOn(Executor executor) {
        return does(item -> executor.execute(() -> confirm(item)));
    }

    /** From now on does just this. */
    ScriptedPort does(Consumer<PublishItem> anything) {
        script = anything;
        return this;
    }

    void confirm(PublishItem item) {
        if (write(item)) {
            item.confirmed(sequence.incrementAndGet(), false);
        }
    }

    boolean write(PublishItem item) {
        if (!item.tryWrite()) {
            return false;
        }
        written.add(item.id().value());
        return true;
    }

    /** Answers the held one at this place, which stays in the list. */
    void confirmHeld(int index) {
        held.get(index).confirmed(sequence.incrementAndGet(), false);
    }

    void failHeld(int index, ErrorCode code) {
        held.get(index).failed(error(code));
    }

    static MessagingException error(ErrorCode code) {
        return new MessagingException(code, "scripted", "test", "none");
    }
}
