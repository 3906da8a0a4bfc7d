package io.leasehold.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the members of a group, and has those with credit take turns. Confined to the broker's turn, but for the size.
 */
final class Members {
    private final List<Member> members = new ArrayList<>(2);
    private final ArrayDeque<Member> turns = new ArrayDeque<>(4);
    private final Counter size = new Counter();

    /** Returns how many there are; may be asked on any thread. */
    int size() {
        return (int) size.get();
    }

    void join(Member member) {
        members.add(member);
        size.add(1);
    }

    void leave(Member member) {
        if (members.remove(member)) {
            size.add(-1);
        }
        if (member.isInTurn) {
            turns.remove(member);
            member.isInTurn = false;
        }
    }

    /** Has a member take turns if it has credit. */
    void ready(Member member) {
        if (!member.isInTurn && member.creditLeft() > 0) {
            member.isInTurn = true;
            turns.addLast(member);
        }
    }

    /** Returns the member whose turn it is; null when none has credit. The caller delivers to it at once. */
    @Nullable
    Member next() {
        Member member = turns.pollFirst();
        while (member != null) {
            long left = member.creditLeft();
            member.isInTurn = left > 1;
            if (member.isInTurn) {
                turns.addLast(member);
            }
            if (left > 0) {
                return member;
            }
            member = turns.pollFirst();
        }
        return null;
    }

    /** Has a member that takes turns wait until all others had theirs. */
    void last(Member member) {
        if (member.isInTurn && turns.remove(member)) {
            turns.addLast(member);
        }
    }

    /** Returns a member if it is still one, else the first that is; the same where there is none. */
    Member nextTo(Member member) {
        return members.isEmpty() || members.contains(member) ? member : members.get(0);
    }

    /** Takes all members out, in the order in which they joined. */
    List<Member> clear() {
        List<Member> all = List.copyOf(members);
        all.forEach(this::leave);
        return all;
    }
}
