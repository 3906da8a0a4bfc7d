package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.GroupSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the messages of one group: who gets them, when they come again, when they are gone. Confined
 * to the broker's turn, but for its numbers.
 */
final class Group {
    private static final long DELAY_MAX_NANOS = LeaseTime.LIMIT.toNanos();

    private final GroupSpec spec;
    private final long life;
    private final EmbeddedSettings settings;
    private final Capacity capacity;
    private final ExpiryTimers timers;
    private final @Nullable Idle idle;
    private final Backlog backlog = new Backlog(this);
    private final Members members = new Members();
    private final Counter held = new Counter();
    private final Counter delayed = new Counter();
    private final Counter givenUp = new Counter();
    private final Counter bytes = new Counter();
    private long tokens;
    private boolean dissolved;

    /**
     * Makes a group without messages and members.
     *
     * @param life larger than in any earlier life of the group
     * @param onIdle deletes a temporary group, by its name, that had no member for its time
     */
    Group(
            GroupSpec spec,
            long life,
            EmbeddedSettings settings,
            Capacity capacity,
            ExpiryTimers timers,
            Consumer<String> onIdle) {
        this.spec = spec;
        this.life = life;
        this.settings = settings;
        this.capacity = capacity;
        this.timers = timers;
        Duration limit = spec.idleLimit();
        this.idle = limit == null ? null : new Idle(limit.toNanos(), () -> onIdle.accept(spec.name()));
    }

    /** Waits for the time that a temporary group may be without a member. */
    private static final class Idle extends TimedLine.Entry {
        private final long limitNanos;
        private final Runnable over;

        Idle(long limitNanos, Runnable over) {
            this.limitNanos = limitNanos;
            this.over = over;
        }

        @Override
        void due() {
            over.run();
        }
    }

    String name() {
        return spec.name();
    }

    boolean consumes(String topic) {
        return spec.filter().matches(topic);
    }

    /** Tells whether a member that asks for this filter meets what is there. The lease time is each member's own. */
    boolean suits(TopicFilter filter) {
        return spec.filter().equals(filter);
    }

    /** Returns the token of a delivery, by its number in the group and for its message; null where there are none. */
    @Nullable
    FencingToken token(long sequence, int count) {
        return switch (settings.plays().tokens()) {
            case IN_GROUP -> new FencingToken(life, sequence);
            case PER_MESSAGE -> new FencingToken(0, count);
            case NONE -> null;
        };
    }

    /** Returns the lease time of a member's delivery, by how often the message was delivered, this time included. */
    LeaseTime leaseTime(Member taker, int count) {
        List<LeaseTime> backoff = settings.leaseTimes();
        return backoff.isEmpty() ? taker.leaseTime() : backoff.get(Math.min(count, backoff.size()) - 1);
    }

    // ---- members

    void join(Member member) {
        members.join(member);
        if (idle != null) {
            timers.disarm(idle);
        }
    }

    void leave(Member member) {
        members.leave(member);
        if (idle != null && members.size() == 0 && !dissolved) {
            timers.armDelay(idle, idle.limitNanos);
        }
    }

    /** Delivers to a member whose credit may have grown. */
    void creditChanged(Member member) {
        members.ready(member);
        dispatch();
    }

    // ---- messages

    /** Takes a message on; {@link #dispatch} delivers it. */
    void offer(StoredMessage stored) {
        capacity.take(stored);
        bytes.add(stored.sizeBytes());
        backlog.add(stored);
    }

    /** Delivers as long as there is something to deliver and a member to take it. */
    void dispatch() {
        while (!backlog.isEmpty()) {
            Member taker = members.next();
            if (taker == null) {
                return;
            }
            lend(taker);
        }
    }

    private void lend(Member taker) {
        PendingMessage next = backlog.poll();
        if (next == null) {
            return;
        }

        tokens++;
        EmbeddedHandout handout = next.lend(taker, tokens);
        move(next, MessageState.HELD);
        timers.armLease(next, next.leaseNanos());
        next.endBy(latestEnd());

        taker.deliver(handout);
    }

    private long latestEnd() {
        long holdNanos = settings.plays().holdMax().toNanos();
        return holdNanos == Long.MAX_VALUE ? holdNanos : timers.now() + holdNanos;
    }

    /** Has the lease of a message last its whole time again, from now on, as far as touches extend it. */
    void extend(PendingMessage message) {
        if (!settings.plays().renewsLeases()) {
            return;
        }

        long left = message.endBy() == Long.MAX_VALUE ? Long.MAX_VALUE : message.endBy() - timers.now();
        if (left < message.leaseNanos()) {
            timers.armDelay(message, Math.max(0, left));
        } else {
            timers.armLease(message, message.leaseNanos());
        }
    }

    /**
     * Has a message come again, now or after a delay, unless it came as often as it may. {@link #dispatch} delivers
     * it.
     */
    void giveBack(PendingMessage message, long delayNanos) {
        if (message.is(MessageState.HELD) && cameAsOftenAsItMay(message)) {
            giveUp(message);
        } else if (delayNanos > 0 && settings.plays().delaysNaks()) {
            move(message, MessageState.DELAYED);
            timers.armDelay(message, Math.min(delayNanos, DELAY_MAX_NANOS));
        } else if (!message.is(MessageState.QUEUED)) {
            move(message, MessageState.QUEUED);
        }
    }

    private boolean cameAsOftenAsItMay(PendingMessage message) {
        Capabilities plays = settings.plays();
        int counted = plays.tellsGivenUp() ? message.starts() : message.deliveries();
        return counted >= plays.deliveriesMax();
    }

    private void giveUp(PendingMessage message) {
        givenUp.add(1);
        move(message, MessageState.GIVEN_UP);
        EmbeddedHandout last = message.handout();
        if (last != null && settings.plays().tellsGivenUp()) {
            members.nextTo(last.taker()).givenUp(last);
        }
    }

    /** Has a message leave the group. */
    void end(PendingMessage message, MessageState terminal) {
        move(message, terminal);
    }

    /** Has a message come again whose lease has run out or whose delay is over. */
    void due(PendingMessage message) {
        EmbeddedHandout lost = message.present();
        giveBack(message, 0);
        if (lost != null && settings.plays().isFenced()) {
            tell(lost, LeaseLoss.EXPIRED);
        }
        dispatch();
    }

    /** Has a message come again whose holder's connection has ended. {@link #dispatch} delivers it. */
    void disconnect(PendingMessage message) {
        EmbeddedHandout lost = message.handout();
        if (lost != null) {
            lost.disconnect();
        }
        giveBack(message, 0);
    }

    /** Has all messages come again that a client holds, and tells it so. */
    void revoke(String client) {
        for (PendingMessage message : inTimers()) {
            EmbeddedHandout lost = message.present();
            if (lost != null && lost.taker().session().clientName().equals(client)) {
                giveBack(message, 0);
                members.last(lost.taker());
                tell(lost, LeaseLoss.REVOKED);
            }
        }
        dispatch();
    }

    private void tell(EmbeddedHandout lost, LeaseLoss loss) {
        lost.taker().ended(lost.ref(), token(tokens + 1, lost.deliveryCount() + 1), loss);
    }

    private void move(PendingMessage message, MessageState next) {
        switch (message.state()) {
            case QUEUED -> backlog.left();
            case HELD -> held.add(-1);
            case DELAYED -> delayed.add(-1);
            case SETTLED, GIVEN_UP, DELETED, GROUP_GONE -> throw new IllegalStateException(message.state() + " ends");
        }

        timers.disarm(message);
        message.become(next);

        switch (next) {
            case QUEUED -> backlog.addAgain(message);
            case HELD -> held.add(1);
            case DELAYED -> delayed.add(1);
            case SETTLED, GIVEN_UP, DELETED, GROUP_GONE -> {
                bytes.add(-message.stored().sizeBytes());
                capacity.release(message.stored());
            }
        }
    }

    // ---- what an administrator does

    /** Deletes a message wherever it stands. */
    void delete(long sequence) {
        PendingMessage found = find(sequence);
        if (found != null) {
            remove(found, MessageState.DELETED);
        }
    }

    private @Nullable PendingMessage find(long sequence) {
        for (PendingMessage message : inTimers()) {
            if (message.stored().sequence() == sequence) {
                return message;
            }
        }
        return backlog.take(sequence);
    }

    private void remove(PendingMessage message, MessageState terminal) {
        EmbeddedHandout lost = message.present();
        move(message, terminal);
        LeaseLoss loss = terminal.loss();
        if (lost != null && loss != null) {
            tell(lost, loss);
        }
    }

    /** Ends the group: its leases, its backlog, its members, which are told. */
    void dissolve() {
        dissolved = true;
        if (idle != null) {
            timers.disarm(idle);
        }

        inTimers().forEach(message -> remove(message, MessageState.GROUP_GONE));
        backlog.drain().forEach(message -> move(message, MessageState.GROUP_GONE));

        for (Member member : members.clear()) {
            member.gone(new MessagingException(
                    ErrorCode.GROUP_GONE, "the group was deleted", name(), "subscribe again to make it anew"));
        }
    }

    private List<PendingMessage> inTimers() {
        List<PendingMessage> mine = new ArrayList<>();
        timers.forEach(entry -> {
            if (entry instanceof PendingMessage message && message.group() == this) {
                mine.add(message);
            }
        });
        return mine;
    }

    // ---- numbers, on any thread

    /** Returns how many messages it has; may be asked on any thread. */
    long messages() {
        return backlog.size() + held.get() + delayed.get();
    }

    /** Returns how many bytes these have; may be asked on any thread. */
    long bytes() {
        return bytes.get();
    }

    /** Tells whether any member takes its messages; may be asked on any thread. */
    boolean isConsumed() {
        return members.size() > 0;
    }

    EmbeddedStats.Group stats() {
        return new EmbeddedStats.Group(
                name(), backlog.size(), held.get(), delayed.get(), givenUp.get(), members.size());
    }
}
