package io.leasehold.consume;

import io.leasehold.broker.Handout;
import io.leasehold.error.ErrorCode;
import io.leasehold.lease.FencingToken;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of messages between their deliveries what this client knows: how these ended, so that failures are counted
 * and not hand-outs, and which dead letters are owed. It keeps the {@value #MESSAGES_MAX} messages of which there was
 * news last, in two generations; what is forgotten, and what happened elsewhere, counts as a failure. What is known of
 * a message ends with the life of its group, not with a subscription: a stream that is made anew counts its messages
 * from 1 again. Safe for use by many threads.
 */
final class RedeliveryMemory {
    /** How many messages are remembered at most. */
    static final int MESSAGES_MAX = 10_000;

    private static final AtomicReferenceFieldUpdater<RedeliveryMemory, Generations> GENERATIONS =
            AtomicReferenceFieldUpdater.newUpdater(RedeliveryMemory.class, Generations.class, "generations");

    private volatile Generations generations = Generations.following(Map.of());

    /** A message: its group, and what names it there. */
    private record Name(String group, Object ref) {}

    private record Generations(Map<Name, Known> recent, Map<Name, Known> older) {
        static Generations following(Map<Name, Known> older) {
            return new Generations(new ConcurrentHashMap<>(), older);
        }
    }

    /**
     * How the deliveries of a message ended, as far as it is known.
     *
     * @param lifetime of the group, from the fencing token; 0 without tokens
     * @param released given back without having been started
     * @param undone started and given back although nothing was wrong with the message
     * @param lost ended with their lease
     * @param failed failures
     * @param owed why a dead letter is owed for it, or null
     * @param heldBack whether it was held back when it came last, since it never finishes
     */
    record Known(
            long lifetime,
            int released,
            int undone,
            int lost,
            int failed,
            @Nullable ErrorCode owed,
            boolean heldBack) {
        static final Known NOTHING = new Known(0, 0, 0, 0, 0, null, false);

        Known oneReleased() {
            return new Known(lifetime, released + 1, undone, lost, failed, owed, heldBack);
        }

        Known oneUndone() {
            return new Known(lifetime, released, undone + 1, lost, failed, owed, false);
        }

        Known oneHeldBack() {
            return new Known(lifetime, released, undone + 1, lost, failed, owed, true);
        }

        Known oneLost() {
            return new Known(lifetime, released, undone, lost + 1, failed, owed, false);
        }

        Known oneFailed() {
            return new Known(lifetime, released, undone, lost, failed + 1, owed, false);
        }

        Known owing(ErrorCode why) {
            return new Known(lifetime, released, undone, lost, failed, why, heldBack);
        }

        Known in(long life) {
            return lifetime == life ? this : new Known(life, 0, 0, 0, 0, null, false);
        }

        /** Says how many deliveries of the message are not explained by having been given back. */
        private int given(Handout delivery) {
            return delivery.deliveryCount() - Math.max(delivery.releases(), released) - undone;
        }

        /**
         * Says how many deliveries of the message were begun without ever coming to an end, as far as is known; 0 when
         * one of them did come to an end here, if only by failing.
         */
        int unfinished(Handout delivery) {
            return failed > 0 ? 0 : given(delivery);
        }
    }

    private static long lifeOf(Handout delivery) {
        FencingToken token = delivery.token();
        return token == null ? 0 : token.lifetime();
    }

    /** Gives what is known of the message of a delivery. */
    Known of(String group, Handout delivery) {
        Generations present = generations;
        if (present.recent().isEmpty() && present.older().isEmpty()) {
            return Known.NOTHING;
        }

        Name name = new Name(group, delivery.ref());
        Known known = present.recent().get(name);
        if (known == null) {
            known = present.older().get(name);
        }

        return known == null || known.lifetime() != lifeOf(delivery) ? Known.NOTHING : known;
    }

    /** Notes how a delivery has ended. */
    void note(String group, Handout delivery, UnaryOperator<Known> how) {
        Generations present = generations;
        if (present.recent().size() >= MESSAGES_MAX / 2) {
            GENERATIONS.compareAndSet(this, present, Generations.following(present.recent()));
            present = generations;
        }
        long life = lifeOf(delivery);
        Name name = new Name(group, delivery.ref());
        Known before = present.older().getOrDefault(name, Known.NOTHING);

        present.recent().compute(name, (same, known) -> how.apply((known == null ? before : known).in(life)));
    }

    /** Notes that a dead letter is owed for the message: a later delivery tries it first, without running. */
    void owe(String group, Handout delivery, ErrorCode why) {
        note(group, delivery, known -> known.owing(why));
    }

    /** Forgets a message that is settled for good. */
    void forget(String group, Handout delivery) {
        Generations present = generations;
        if (present.recent().isEmpty() && present.older().isEmpty()) {
            return;
        }

        Name name = new Name(group, delivery.ref());
        present.recent().remove(name);
        if (!present.older().isEmpty()) {
            present.older().remove(name);
        }
    }

    /** Forgets all messages of a group, which has ended: one that is made anew may name others by the same names. */
    void forget(String group) {
        Generations present = generations;
        present.recent().keySet().removeIf(name -> name.group().equals(group));
        if (!present.older().isEmpty()) {
            present.older().keySet().removeIf(name -> name.group().equals(group));
        }
    }

    /** Says how many messages something is known of. */
    int size() {
        Generations present = generations;
        return present.recent().size() + present.older().size();
    }

    /**
     * Counts the deliveries of the message that have failed, the present one included: those of which nobody here knows
     * better count as failures.
     */
    int failures(String group, Handout delivery) {
        Known known = of(group, delivery);
        int unexplained = known.given(delivery) - known.lost();
        return Math.max(known.failed() + 1, unexplained);
    }
}
