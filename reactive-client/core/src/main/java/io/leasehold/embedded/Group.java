package io.leasehold.embedded;

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
import org.jspecify.annotations.Nullable;

/** One group: its backlog, its members, and what they hold. Confined to the broker's turn, but for its numbers. */
final class Group {
    private static final long DELAY_MAX_NANOS = LeaseTime.LIMIT.toNanos();

    private final Exchange exchange;
    private final GroupSpec spec;
    private final long life;
    private final @Nullable Idle idle;
    private final Backlog backlog = new Backlog(this);
    private final Takers takers = new Takers();
    private final Tally held = new Tally();
    private final Tally delayed = new Tally();
    private final Tally givenUp = new Tally();
    private final Tally bytes = new Tally();
    private long tokens;

    Group(Exchange exchange, GroupSpec spec, long life) {
        this.exchange = exchange;
        this.spec = spec;
        this.life = life;
        Duration limit = spec.idleLimit();
        this.idle = limit == null ? null : new Idle(limit);
    }

    String name() {
        return spec.name();
    }

    Exchange exchange() {
        return exchange;
    }

    boolean consumes(String topic) {
        return spec.filter().matches(topic);
    }

    /** Whether a member that asks for this meets what is there. The lease time is each member's own. */
    boolean suits(GroupSpec other) {
        return suits(other.filter());
    }

    boolean suits(TopicFilter filter) {
        return spec.filter().equals(filter);
    }

    FencingToken token(long sequence) {
        return new FencingToken(life, sequence);
    }

    LeaseTime leaseTime(EmbeddedPort taker, int count) {
        List<LeaseTime> backoff = exchange.leaseBackoff();
        return backoff.isEmpty() ? taker.leaseTime() : backoff.get(Math.min(count, backoff.size()) - 1);
    }

    void join(EmbeddedPort port) {
        takers.join(port);
        if (idle != null) {
            exchange.timers().disarm(idle);
        }
    }

    void leave(EmbeddedPort port) {
        takers.leave(port);
        Idle alone = idle;
        if (alone != null && takers.size() == 0 && exchange.routes().group(name()) == this) {
            exchange.timers().armDelay(alone, alone.limitNanos);
        }
    }

    /** Deletes a temporary group that had no member for its time. */
    private final class Idle extends Timed {
        private final long limitNanos;

        Idle(Duration limit) {
            this.limitNanos = limit.toNanos();
        }

        @Override
        void due() {
            exchange.delete(name());
        }
    }

    void creditChanged(EmbeddedPort port) {
        takers.ready(port);
        dispatch();
    }

    /** Takes a message on; {@link #dispatch} delivers it. */
    void offer(Stored stored) {
        exchange.room().take(stored);
        bytes.add(stored.sizeBytes());
        backlog.add(stored);
    }

    /** Delivers as long as there is something to deliver and somebody to take it. */
    void dispatch() {
        while (!backlog.isEmpty()) {
            EmbeddedPort taker = takers.next();
            if (taker == null) {
                return;
            }
            lend(taker);
        }
    }

    private void lend(EmbeddedPort taker) {
        Held next = backlog.poll();
        if (next == null) {
            return;
        }
        tokens++;
        Grant grant = next.lend(taker, tokens);
        move(next, HeldState.HELD);
        extend(next);
        taker.deliver(grant);
    }

    /** The lease lasts its whole time again, from now on. */
    void extend(Held message) {
        exchange.timers().armLease(message, leaseNanos(message));
    }

    /** How long the present lease of a message was granted for. */
    static long leaseNanos(Held message) {
        Grant grant = message.grant();
        return grant == null ? 0 : grant.leaseTime().nanos();
    }

    /** It comes again, now or after a delay, unless it came as often as it may. {@link #dispatch} delivers it. */
    void giveBack(Held message, long delayNanos) {
        if (message.is(HeldState.HELD)
                && message.starts() >= exchange.settings().maxDeliveries()) {
            giveUp(message);
        } else if (delayNanos > 0 && exchange.settings().plays().delaysNaks()) {
            move(message, HeldState.DELAYED);
            exchange.timers().armDelay(message, Math.min(delayNanos, DELAY_MAX_NANOS));
        } else if (!message.is(HeldState.QUEUED)) {
            move(message, HeldState.QUEUED);
        }
    }

    private void giveUp(Held message) {
        givenUp.add(1);
        move(message, HeldState.GIVEN_UP);
        Grant last = message.grant();
        if (last != null) {
            last.taker().session().reportGivenUp(last);
        }
    }

    /** It leaves the group. */
    void end(Held message, HeldState terminal) {
        move(message, terminal);
    }

    /** The lease has run out, or the delay is over. */
    void due(Held message) {
        Grant lost = message.is(HeldState.HELD) ? message.grant() : null;
        giveBack(message, 0);
        if (lost != null && exchange.fence().tellsHolders()) {
            tell(lost, LeaseLoss.EXPIRED);
        }
        dispatch();
    }

    /** The connection of its holder has ended. {@link #dispatch} delivers it. */
    void disconnect(Held message) {
        Grant lost = message.grant();
        if (lost != null) {
            lost.disconnect();
        }
        giveBack(message, 0);
    }

    private void tell(Grant lost, LeaseLoss loss) {
        lost.taker().ended(lost.ref(), token(tokens + 1), loss);
    }

    private void move(Held message, HeldState next) {
        switch (message.state()) {
            case QUEUED -> backlog.left();
            case HELD -> held.add(-1);
            case DELAYED -> delayed.add(-1);
            case SETTLED, GIVEN_UP, DELETED, GROUP_GONE -> throw new IllegalStateException(message.state() + " ends");
        }
        exchange.timers().disarm(message);
        message.become(next);
        switch (next) {
            case QUEUED -> backlog.addAgain(message);
            case HELD -> held.add(1);
            case DELAYED -> delayed.add(1);
            case SETTLED, GIVEN_UP, DELETED, GROUP_GONE -> {
                bytes.add(-message.stored().sizeBytes());
                exchange.room().leave(message.stored());
            }
        }
    }

    /** Deletes a message wherever it stands. */
    void delete(long sequence) {
        Held found = find(sequence);
        if (found != null) {
            remove(found, HeldState.DELETED);
        }
    }

    private @Nullable Held find(long sequence) {
        for (Held message : inTimers()) {
            if (message.stored().sequence() == sequence) {
                return message;
            }
        }
        return backlog.take(sequence);
    }

    private void remove(Held message, HeldState terminal) {
        Grant lost = message.is(HeldState.HELD) ? message.grant() : null;
        move(message, terminal);
        LeaseLoss loss = terminal.loss();
        if (lost != null && loss != null) {
            tell(lost, loss);
        }
    }

    /** Ends the group: its leases, its backlog, its members. */
    void dissolve() {
        if (idle != null) {
            exchange.timers().disarm(idle);
        }
        inTimers().forEach(message -> remove(message, HeldState.GROUP_GONE));
        backlog.drain().forEach(message -> move(message, HeldState.GROUP_GONE));
        for (EmbeddedPort port : takers.members()) {
            port.gone(new MessagingException(
                    ErrorCode.GROUP_GONE, "the group was deleted", name(), "subscribe again to make it anew"));
        }
    }

    private List<Held> inTimers() {
        List<Held> mine = new ArrayList<>();
        exchange.timers().forEach(timed -> {
            if (timed instanceof Held message && message.group() == this) {
                mine.add(message);
            }
        });
        return mine;
    }

    /** How many messages it has; may be asked on any thread. */
    long messages() {
        return backlog.size() + held.get() + delayed.get();
    }

    /** How many bytes these have; may be asked on any thread. */
    long bytes() {
        return bytes.get();
    }

    /** Whether anybody takes its messages. */
    boolean isConsumed() {
        return takers.size() > 0;
    }

    EmbeddedStats.Group stats() {
        return new EmbeddedStats.Group(name(), backlog.size(), held.get(), delayed.get(), givenUp.get(), takers.size());
    }
}
