package com.example.broker;

import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Those who share the messages of a topic. What comes again comes before what is new. */
final class PlainGroup {
    private final PlainBroker broker;
    private final TopicFilter filter;
    private final Deque<PlainEntry> again = new ArrayDeque<>();
    private final Deque<PlainEntry> fresh = new ArrayDeque<>();
    private final List<PlainEntry> held = new ArrayList<>();
    private final Deque<PlainPort> members = new ArrayDeque<>();

    PlainGroup(PlainBroker broker, TopicFilter filter) {
        this.broker = broker;
        this.filter = filter;
    }

    PlainBroker broker() {
        return broker;
    }

    TopicFilter filter() {
        return filter;
    }

    boolean isIdle() {
        return members.isEmpty();
    }

    void join(PlainPort port) {
        members.add(port);
    }

    void leave(PlainPort port) {
        members.remove(port);
    }

    void offer(Message message, long sequence) {
        fresh.add(new PlainEntry(this, message, sequence));
    }

    /** A message is not held any more, and comes again. */
    void comesAgain(PlainEntry entry) {
        held.remove(entry);
        again.add(entry);
    }

    /** A message is settled for good. */
    void settled(PlainEntry entry) {
        held.remove(entry);
    }

    /** Hands out as long as there is something and somebody takes it; members take turns. */
    void dispatch() {
        int passed = 0;
        while (passed < members.size() && !(again.isEmpty() && fresh.isEmpty())) {
            PlainPort next = members.remove();
            members.add(next);
            if (!next.takesMore()) {
                passed++;
                continue;
            }

            passed = 0;
            PlainEntry entry = again.isEmpty() ? fresh.remove() : again.remove();
            held.add(entry);
            next.deliver(entry.lend(next));
        }
    }

    /** The group is deleted. */
    void end() {
        held.forEach(PlainEntry::purge);
        held.clear();
        again.forEach(PlainEntry::purge);
        fresh.forEach(PlainEntry::purge);
        again.clear();
        fresh.clear();
        List.copyOf(members)
                .forEach(port -> port.gone(PlainBroker.error(ErrorCode.GROUP_GONE, "the group was deleted")));
    }
}
