package io.leasehold.embedded;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Is the client's end of one membership in a group. Told credit from any thread; the newest total counts when the
 * port's turn comes. As its own command it costs nothing to tell.
 */
final class EmbeddedPort extends Command implements DeliveryPort {
    private static final AtomicIntegerFieldUpdater<EmbeddedPort> TOLD =
            AtomicIntegerFieldUpdater.newUpdater(EmbeddedPort.class, "told");

    private final EmbeddedSession session;
    private final GroupSpec spec;
    private final Member member;

    private volatile long total;

    @SuppressWarnings("unused") // read and written through TOLD
    private volatile int told;

    // Confined to the broker's turn.
    private @Nullable Group group;

    EmbeddedPort(EmbeddedSession session, GroupSpec spec, DeliverySink sink) {
        this.session = session;
        this.spec = spec;
        LeaseTime leaseTime =
                new LeaseTime(spec.leaseTime().toNanos(), core().capabilities().renewsLeases());
        this.member = new Member(session.state(), this, leaseTime, sink, core()::fault);
    }

    @Override
    public void credit(long newTotal) {
        total = newTotal;
        if (TOLD.getAndSet(this, 1) == 0) {
            core().submit(this);
        }
    }

    /** Takes the newest credit into account. */
    @Override
    void take() {
        told = 0;
        member.credit(total);
        Group present = group();
        if (present != null) {
            present.creditChanged(member);
        }
    }

    @Override
    public long waiting() {
        Group present = group();
        return present == null ? -1 : present.stats().queued();
    }

    @Override
    public Mono<Long> backlog() {
        return Mono.create(asked -> core().submit(Command.of(() -> {
            Group present = group();
            asked.success(present == null ? null : present.stats().queued());
        })));
    }

    @Override
    public void stop() {
        core().submit(Command.of(this::leave));
    }

    @Override
    public void settle(List<? extends SettleItem> items) {
        core().submit(new SettleCommand(items));
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        core().submit(new TouchCommand(items));
    }

    /** Does nothing: nothing is ever on its way here that could be discarded. */
    @Override
    public void abort() {}

    private BrokerCore core() {
        return session.core();
    }

    GroupSpec spec() {
        return spec;
    }

    Member member() {
        return member;
    }

    // ---- in the broker's turn

    private @Nullable Group group() {
        return member.isGone() ? null : group;
    }

    /** Makes it a member of a group. */
    void join(Group joined) {
        group = joined;
        joined.join(member);
        member.begun();
    }

    /** Ends the membership; nothing is delivered after it. */
    void leave() {
        Group present = group();
        if (present != null) {
            present.leave(member);
        }
        group = null;
        session.forget(this);
    }

    /** Ends the membership and says why. */
    void gone(MessagingException error) {
        leave();
        member.gone(error);
    }

    /** Returns the delivery that a receipt names; null when it is none of this broker. */
    private @Nullable EmbeddedHandout handoutOf(Object receipt) {
        return receipt instanceof EmbeddedHandout handout
                        && handout.settlement() instanceof EmbeddedPort lender
                        && lender.core() == core()
                ? handout
                : null;
    }

    /** Returns why a delivery can be neither settled nor touched here, whatever the rules say; null when it can. */
    private @Nullable LeaseLoss lossOf(@Nullable EmbeddedHandout handout) {
        if (handout == null) {
            return LeaseLoss.GROUP_GONE;
        }
        if (session.isClosed()) {
            return LeaseLoss.CLOSED;
        }
        return handout.isDisconnected() ? LeaseLoss.CONNECTION_LOST : null;
    }

    /** Is settlements that wait for their turn. */
    private final class SettleCommand extends Command {
        private final List<? extends SettleItem> items;

        SettleCommand(List<? extends SettleItem> items) {
            this.items = List.copyOf(items);
        }

        @Override
        void take() {
            for (int i = 0; i < items.size(); i++) {
                try {
                    settle(items.get(i));
                } catch (Throwable fault) {
                    core().fault(fault);
                }
            }
        }

        private void settle(SettleItem item) {
            EmbeddedHandout handout = handoutOf(item.receipt());
            LeaseLoss loss = lossOf(handout);
            if (loss != null) {
                item.refused(loss);
            } else if (handout != null && item.tryWrite()) {
                item.written();
                core().rules().settle(handout, item);
                handout.group().dispatch();
            }
        }
    }

    /** Is touches that wait for their turn. */
    private final class TouchCommand extends Command {
        private final List<? extends TouchItem> items;

        TouchCommand(List<? extends TouchItem> items) {
            this.items = List.copyOf(items);
        }

        @Override
        void take() {
            for (int i = 0; i < items.size(); i++) {
                try {
                    touch(items.get(i));
                } catch (Throwable fault) {
                    core().fault(fault);
                }
            }
        }

        private void touch(TouchItem item) {
            EmbeddedHandout handout = handoutOf(item.receipt());
            LeaseLoss loss = lossOf(handout);
            if (loss != null) {
                item.refused(loss);
            } else if (handout != null && item.tryWrite()) {
                core().rules().touch(handout, item);
            }
        }
    }
}
