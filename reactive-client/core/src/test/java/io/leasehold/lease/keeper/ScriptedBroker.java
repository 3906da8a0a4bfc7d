package io.leasehold.lease.keeper;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.TouchItem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A broker that does as it is told: writes at once or later, answers at once, later or never. */
final class ScriptedBroker implements Settlement {
    final List<Written> written = new ArrayList<>();
    final List<List<TouchItem>> flushes = new ArrayList<>();
    final List<Long> touchedAt = new ArrayList<>();
    final List<SettleItem> unanswered = new ArrayList<>();
    final List<TouchItem> unansweredTouches = new ArrayList<>();
    private final List<SettleItem> unwritten = new ArrayList<>();
    private final LongSupplier clock;
    private boolean writes = true;
    private boolean full;
    private boolean confirms;
    private boolean confirmsTouches;
    int asked;
    int aborts;

    ScriptedBroker(LongSupplier clock) {
        this.clock = clock;
    }

    /** A settlement that went out. */
    record Written(SettleVerb verb, long at, long delayNanos, boolean release) {}

    /** Keeps settlements in a queue of its own until {@link #writeNow}. */
    ScriptedBroker writingLater() {
        writes = false;
        return this;
    }

    /** Takes no settlement for the moment, or takes them again. */
    ScriptedBroker full(boolean yes) {
        full = yes;
        return this;
    }

    /** Answers settlements within the call. */
    ScriptedBroker confirming() {
        confirms = true;
        return this;
    }

    /** Answers touches within the call. */
    ScriptedBroker confirmingTouches() {
        confirmsTouches = true;
        return this;
    }

    List<SettleVerb> verbs() {
        return written.stream().map(Written::verb).toList();
    }

    void writeNow() {
        List<SettleItem> queued = List.copyOf(unwritten);
        unwritten.clear();
        queued.forEach(this::write);
    }

    void answerSettlements() {
        List<SettleItem> open = List.copyOf(unanswered);
        unanswered.clear();
        open.forEach(SettleItem::done);
    }

    void refuseSettlements(LeaseLoss why) {
        List<SettleItem> open = List.copyOf(unanswered);
        unanswered.clear();
        open.forEach(item -> item.refused(why));
    }

    void confirmTouches(long leaseNanos) {
        List<TouchItem> open = List.copyOf(unansweredTouches);
        unansweredTouches.clear();
        open.forEach(touch -> touch.confirmed(leaseNanos));
    }

    void refuseTouches(LeaseLoss why) {
        List<TouchItem> open = List.copyOf(unansweredTouches);
        unansweredTouches.clear();
        open.forEach(touch -> touch.refused(why));
    }

    @Override
    public void settle(List<? extends SettleItem> items) {
        asked += items.size();
        if (full) {
            items.forEach(SettleItem::postponed);
            return;
        }
        unwritten.addAll(items);
        if (writes) {
            writeNow();
        }
    }

    private void write(SettleItem item) {
        if (!item.tryWrite()) {
            return;
        }
        written.add(new Written(item.verb(), clock.getAsLong(), item.delayNanos(), item.isRelease()));
        item.written();
        if (confirms) {
            item.done();
        } else {
            unanswered.add(item);
        }
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        List<TouchItem> sent = new ArrayList<>();
        items.stream().filter(TouchItem::tryWrite).forEach(sent::add);
        flushes.add(sent);
        sent.forEach(any -> touchedAt.add(clock.getAsLong()));
        if (confirmsTouches) {
            sent.forEach(touch -> touch.confirmed(0));
        } else {
            unansweredTouches.addAll(sent);
        }
    }

    @Override
    public void abort() {
        aborts++;
    }
}
