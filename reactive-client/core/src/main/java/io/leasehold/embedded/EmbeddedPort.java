package io.leasehold.embedded;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One member of a group. Told credit from any thread; the newest total counts when the port's turn comes. As its own
 * command it costs nothing to tell.
 */
final class EmbeddedPort extends Command implements DeliveryPort {
    private static final AtomicIntegerFieldUpdater<EmbeddedPort> TOLD =
            AtomicIntegerFieldUpdater.newUpdater(EmbeddedPort.class, "told");

    private final EmbeddedSession session;
    private final GroupSpec spec;
    private final LeaseTime leaseTime;
    private final DeliverySink sink;

    private volatile long total;

    @SuppressWarnings("unused") // read and written through TOLD
    private volatile int told;

    // From here on all is confined to the broker's turn.
    private @Nullable Group group;
    private long credit;
    private long emitted;

    /** Whether it waits among those that have credit. */
    boolean isInTurn;

    EmbeddedPort(EmbeddedSession session, GroupSpec spec, DeliverySink sink) {
        this.session = session;
        this.spec = spec;
        this.leaseTime = LeaseTime.renewable(spec.leaseTime());
        this.sink = sink;
    }

    @Override
    public void credit(long newTotal) {
        total = newTotal;
        if (TOLD.getAndSet(this, 1) == 0) {
            exchange().submit(this);
        }
    }

    /** Takes the newest credit into account. */
    @Override
    void take() {
        told = 0;
        credit = total;
        if (group != null) {
            group.creditChanged(this);
        }
    }

    @Override
    public long waiting() {
        Group present = group;
        return present == null ? -1 : present.stats().queued();
    }

    @Override
    public Mono<Long> backlog() {
        return Mono.create(asked -> exchange().submit(Command.of(() -> {
            Group present = group;
            asked.success(present == null ? null : present.stats().queued());
        })));
    }

    @Override
    public void stop() {
        exchange().submit(Command.of(this::leave));
    }

    @Override
    public void settle(List<? extends SettleItem> items) {
        exchange().submit(new Settling(this, items));
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        exchange().submit(new Touching(this, items));
    }

    /** Nothing is ever on its way here that could be discarded. */
    @Override
    public void abort() {}

    Exchange exchange() {
        return session.exchange();
    }

    EmbeddedSession session() {
        return session;
    }

    GroupSpec spec() {
        return spec;
    }

    LeaseTime leaseTime() {
        return leaseTime;
    }

    /** The clock of the client. */
    long clientNanos() {
        return session.clientNanos();
    }

    /** The delivery that a receipt names; null when it is none of this broker. */
    @Nullable
    Grant grantOf(Object receipt) {
        return receipt instanceof Grant grant && grant.held().group().exchange() == exchange() ? grant : null;
    }

    /** Is a member from now on. */
    void join(Group joined) {
        group = joined;
        joined.join(this);
        try {
            sink.begun(leaseTime.nanos());
        } catch (Throwable fault) {
            exchange().fault(fault);
        }
    }

    /** Is a member no more; nothing is delivered after it. */
    void leave() {
        if (group != null) {
            group.leave(this);
            group = null;
        }
        session.forget(this);
    }

    long creditLeft() {
        return credit - emitted;
    }

    void deliver(Grant grant) {
        emitted++;
        try {
            sink.delivered(grant);
        } catch (Throwable fault) {
            exchange().fault(fault);
        }
    }

    /** A lease was lost that was given out here; of use as long as the session lives, also after a stop. */
    void ended(Object ref, FencingToken newer, LeaseLoss loss) {
        if (session.isClosed()) {
            return;
        }
        try {
            sink.ended(ref, newer, loss);
        } catch (Throwable fault) {
            exchange().fault(fault);
        }
    }

    /** All leases that were given out here have ended. */
    void connectionLost() {
        try {
            sink.connectionLost();
        } catch (Throwable fault) {
            exchange().fault(fault);
        }
    }

    void troubled(MessagingException trouble) {
        try {
            sink.troubled(trouble);
        } catch (Throwable fault) {
            exchange().fault(fault);
        }
    }

    /** Ends the membership and says why. */
    void gone(MessagingException error) {
        leave();
        try {
            sink.gone(error);
        } catch (Throwable fault) {
            exchange().fault(fault);
        }
    }
}
