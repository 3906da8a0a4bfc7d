package io.leasehold.nats.jetstream;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import io.leasehold.message.Message;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.protocol.MessageFrame;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * One member of a group: deliveries become handouts, settlements and touches become requests. Its state is read and
 * written on the connection's thread.
 *
 * <pre>
 *   preparing (stream and consumer are made or looked at) ──► open ──► stopped | gone | closed
 * </pre>
 */
final class PullPort implements DeliveryPort {
    private static final long UNTOUCHED_NANOS = 100_000_000L;

    private final SessionConnection session;
    private final GroupSpec spec;
    private final DeliverySink sink;
    private final OrderedArrivals arrivals;
    private final RedeliveryMonitor monitor;
    private final PortCredit credit = new PortCredit();
    private @Nullable Pulls pulls;
    private volatile @Nullable ConsumerLife life;
    private volatile @Nullable LeaseLoss over;
    private boolean stopped;
    private final ConsumerCheck check;
    private final Topics topics = new Topics();
    private @Nullable Disposable finding;
    private @Nullable StreamInfo stream;

    PullPort(SessionConnection session, GroupSpec spec, DeliverySink sink) {
        this.session = session;
        this.spec = spec;
        this.sink = sink;
        this.arrivals = new OrderedArrivals(sink);
        this.monitor = new RedeliveryMonitor(this, session, sink);
        this.check = new ConsumerCheck(this, session);
    }

    GroupSpec spec() {
        return spec;
    }

    // ---- from any thread

    @Override
    public void credit(long newTotal) {
        if (credit.change(newTotal)) {
            session.connection().execute(() -> {
                long total = credit.take();
                if (pulls != null) {
                    pulls.credit(total);
                }
            });
        }
    }

    @Override
    public Mono<Long> backlog() {
        ConsumerLife present = life;
        return present == null ? Mono.empty() : session.backlog(present);
    }

    @Override
    public void stop() {
        session.connection().execute(() -> {
            stopped = true;
            if (pulls == null) {
                close();
                session.forget(this);
            } else {
                pulls.end();
                arrivals.clear();
                monitor.leave();
            }
        });
    }

    @Override
    public void settle(List<? extends SettleItem> items) {
        items.forEach(this::settle);
    }

    @Override
    public void settle(SettleItem item) {
        if (item.receipt() instanceof NatsHandout delivered) {
            session.settle(delivered, item);
        } else {
            item.refused(LeaseLoss.GROUP_GONE);
        }
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        for (TouchItem item : items) {
            if (item.receipt() instanceof NatsHandout delivered) {
                session.connection().write(new TouchRequest(delivered, item));
            } else {
                item.refused(LeaseLoss.GROUP_GONE);
            }
        }
    }

    @Override
    public void abort() {
        session.connection().abort("a nak of " + spec.name() + " went unanswered up to its deadline");
    }

    // ---- its life

    /** Whether its consumer was found, or it has ended. */
    boolean hasBegun() {
        return life != null || over != null;
    }

    /** Stream and consumer are looked for, until they are found or it ends. */
    void finds(Disposable task) {
        finding = task;
        if (over != null) {
            task.dispose();
        }
    }

    /** Stream and consumer are there. */
    void open(ConsumerLife found) {
        if (over != null) {
            return;
        }
        life = found;
        stream = session.known(found.stream());
        monitor.listen(found);
        Pulls made = new Pulls(this, session, found);
        pulls = made;
        made.credit(credit.take());
        sink.begun(found.waitNanos(1));
    }

    /** The consumer was deleted, or worse. */
    void deleted(String how) {
        if (over != null) {
            return;
        }
        ConsumerLife former = life;
        String name = former == null ? spec.name() : former.consumer() + " of the stream " + former.stream();
        end(LeaseLoss.GROUP_GONE);
        session.forget(this);
        if (stopped) {
            return;
        }
        if (session.makesGroups()) {
            session.lost(spec.name(), former, stream);
            sink.deleted(new MessagingException(
                    ErrorCode.GROUP_GONE,
                    "the consumer " + name + " " + how,
                    spec.name(),
                    "nothing: it is made anew; what it held is lost"));
        } else {
            sink.gone(new MessagingException(
                    ErrorCode.GROUP_GONE,
                    "the consumer " + name + " " + how + ", and none may be made",
                    spec.name(),
                    "create it, or set leasehold.nats.streams.policy to use-streams or create"));
        }
    }

    /** It cannot go on, and whoever has not stopped it is told. */
    void gone(MessagingException why) {
        if (over == null) {
            end(why.code() == ErrorCode.CLOSED ? LeaseLoss.CLOSED : LeaseLoss.GROUP_GONE);
            session.forget(this);
            if (!stopped) {
                sink.gone(why);
            }
        }
    }

    /** Something without an answer may not be published. */
    void denied(String subject, MessagingException why) {
        if (pulls != null && pulls.askAt(subject)) {
            gone(why);
        }
    }

    @Override
    public long waiting() {
        Pulls present = pulls;
        return present == null ? -1 : present.pending();
    }

    private void close() {
        if (over == null) {
            end(LeaseLoss.CLOSED);
        }
    }

    private void end(LeaseLoss loss) {
        over = loss;
        if (pulls != null) {
            pulls.end();
        }
        if (finding != null) {
            finding.dispose();
        }
        arrivals.clear();
        monitor.stop();
    }

    /** The connection ended: its pulls are over, and their subscriptions will not be used again. */
    void disconnected(MessagingException why) {
        if (pulls != null) {
            pulls.disconnected();
        }
        sink.troubled(why);
    }

    /** There is a connection again. */
    void connected() {
        if (pulls != null) {
            pulls.balance();
        }
        moved();
        suspect();
    }

    // ---- what its requests and deliveries ask

    /** Why nothing of it is held any more; null while something may be. */
    @Nullable
    LeaseLoss loss() {
        return over;
    }

    /** The shortest lease time of the group, in nanoseconds; 0 before it is known. */
    long leaseNanos() {
        ConsumerLife present = life;
        return present == null ? 0 : present.shortestNanos();
    }

    /** The lease time of a delivery at this moment, in nanoseconds. */
    long leaseNanos(NatsHandout delivered) {
        ConsumerLife present = life;
        return present == null ? 0 : present.waitNanos(delivered.deliveryCount());
    }

    /** What to ask for, so that the nak of a delivery waits for so long, in nanoseconds. */
    long nakDelay(NatsHandout delivered, long nanos) {
        ConsumerLife present = life;
        return present == null ? nanos : present.nakDelay(nanos, delivered.deliveryCount());
    }

    /** Whether a terminate has its reason with it. */
    boolean tellsReasons() {
        return session.tellsReasons();
    }

    NatsConnection connection() {
        return session.connection();
    }

    long requestNanos() {
        return session.requestNanos();
    }

    long sureNanos() {
        return session.sureNanos();
    }

    /** Something of it is held at this moment. */
    void held(NatsHandout delivered) {
        monitor.held(delivered);
    }

    /** How others are heard who get our messages. On any thread. */
    MonitorMode mode() {
        return monitor.mode();
    }

    /** Has a message of the stream looked up; nothing is told when it is not there any more. */
    void look(long message, Consumer<Message> told) {
        ConsumerLife present = life;
        if (present != null) {
            session.look(present.stream(), message, told);
        }
    }

    /** It is settled. */
    void settled(NatsHandout delivered) {
        monitor.settled(delivered);
    }

    /** Another server keeps the leases from now on, or the same one after a restart. */
    void moved() {
        monitor.moved();
    }

    /** Whether a lease holds at an instant, by its anchor, whatever the clocks and a restart did to it. */
    boolean isSurelyHeld(NatsHandout delivered, long nanos) {
        long sure = (delivered.leaseTime().nanos() - session.allowanceNanos()) / 1001 * 999;
        return nanos - delivered.anchorNanos() < sure;
    }

    /** Names a message within the group. */
    Object ref(long message) {
        return new NatsHandout.Ref(spec.name(), message);
    }

    /** The token of a delivery. */
    FencingToken token(long delivery) {
        ConsumerLife present = life;
        return new FencingToken(present == null ? 0 : present.number(), delivery);
    }

    // ---- what comes

    /** A delivery came. */
    void came(MessageFrame frame, AckSubject reply, long anchorNanos, long now) {
        ConsumerLife present = life;
        if (present == null) {
            return;
        }
        check.came(reply.delivery());
        NatsHandout delivered = new NatsHandout(this, frame, reply, present, anchorNanos);
        // Servers (2.9 to 2.15) keep as the time of a delivery that was never touched the time at which its message
        // was stored: with a restart, or another leader of the consumer, the lease of an old message is over at once.
        delivered.touchBy(now + UNTOUCHED_NANOS);
        monitor.came(delivered, present, now);
        if (now - anchorNanos < present.shortestNanos() / 4) {
            arrivals.ready(delivered);
        } else {
            OrderedArrivals.Place place = arrivals.waits(delivered);
            session.connection().write(new FirstTouch(delivered, place));
        }
    }

    /** The topic of a message. */
    String topicOf(MessageFrame frame) {
        return topics.of(frame);
    }

    /** One that waited for its touch may be seen, or is left to run out. */
    void touchedFirst(OrderedArrivals.Place place, boolean held) {
        arrivals.decide(place, held);
        if (!held && pulls != null) {
            pulls.giveBack();
        }
    }

    void troubled(ErrorCode code, String what) {
        sink.troubled(new MessagingException(code, what, spec.name(), "nothing: it is tried again"));
    }

    // ---- check

    /** What is known of its consumer; null before that is anything. */
    @Nullable
    ConsumerLife life() {
        return life;
    }

    /** The consumer may not be there any more, or not as it was. */
    void suspect() {
        check.arise();
    }

    /** What is told of the consumer now. */
    void changed(ConsumerLife told) {
        long before = leaseNanos();
        life = told;
        stream = stream == null ? session.known(told.stream()) : stream;
        if (pulls != null) {
            pulls.limit(told.limits());
        }
        if (told.shortestNanos() < before) {
            sink.shortened(told.shortestNanos());
        }
    }
}
