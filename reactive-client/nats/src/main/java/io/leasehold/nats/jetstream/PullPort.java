package io.leasehold.nats.jetstream;

import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.TouchItem;
import io.leasehold.message.Message;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Is one member of a group: deliveries become handouts, settlements and touches become requests. Its state is read and
 * written on the connection's thread.
 *
 * <pre>
 *   preparing (stream and consumer are made or looked at) ──► open ──► stopped | gone | closed
 * </pre>
 */
final class PullPort implements DeliveryPort {
    private static final long UNTOUCHED_NANOS = 100_000_000L;

    private final PortContext context;
    private final Settlements settlements;
    private final GroupSpec spec;
    private final DeliverySink sink;
    private final Consumer<PullPort> forgotten;
    private final OrderedArrivals arrivals;
    private final RedeliveryMonitor monitor;
    private final ConsumerCheck check;
    private final PortCredit credit = new PortCredit();
    private @Nullable Pulls pulls;
    private volatile @Nullable ConsumerLife life;
    private volatile @Nullable LeaseLoss over;
    private boolean stopped;
    private @Nullable Disposable finding;
    private @Nullable StreamInfo stream;

    /**
     * Makes a port that is to be {@linkplain #finds given} its consumer.
     *
     * @param forgotten is told when nothing more comes of the port and nothing is held
     */
    PullPort(
            PortContext context,
            Settlements settlements,
            GroupSpec spec,
            DeliverySink sink,
            Consumer<PullPort> forgotten) {
        this.context = context;
        this.settlements = settlements;
        this.spec = spec;
        this.sink = sink;
        this.forgotten = forgotten;
        this.arrivals = new OrderedArrivals(sink);
        this.monitor = new RedeliveryMonitor(this, context, sink);
        this.check = new ConsumerCheck(this, context);
    }

    GroupSpec spec() {
        return spec;
    }

    // ---- from any thread

    @Override
    public void credit(long newTotal) {
        if (credit.change(newTotal)) {
            context.connection().execute(() -> {
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
        return present == null ? Mono.empty() : context.backlog(present);
    }

    @Override
    public void stop() {
        context.connection().execute(() -> {
            stopped = true;
            if (pulls == null) {
                close();
                forget();
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
        if (item.receipt() instanceof NatsHandout handout && handout.settlement() instanceof PullPort port) {
            settlements.settle(port, handout, item);
        } else {
            item.refused(LeaseLoss.GROUP_GONE);
        }
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        for (TouchItem item : items) {
            if (item.receipt() instanceof NatsHandout handout && handout.settlement() instanceof PullPort port) {
                context.connection().write(new TouchRequest(port, handout, item));
            } else {
                item.refused(LeaseLoss.GROUP_GONE);
            }
        }
    }

    @Override
    public void abort() {
        context.connection().abort("a nak of " + spec.name() + " went unanswered up to its deadline");
    }

    // ---- its life

    /** Takes the search for stream and consumer, which goes on until they are found or the port ends. */
    void finds(Disposable task) {
        finding = task;
        if (over != null) {
            task.dispose();
        }
    }

    /** Opens with the consumer that was found. */
    void open(ConsumerLife found) {
        if (over != null) {
            return;
        }

        life = found;
        stream = context.known(found.stream());
        monitor.listen(found);
        Pulls made = new Pulls(this, context, found);
        pulls = made;
        made.credit(credit.take());
        sink.begun(found.waitNanos(1));
    }

    /** Ends since the consumer was deleted, or worse. */
    void deleted(String how) {
        if (over != null) {
            return;
        }

        ConsumerLife former = life;
        String name = former == null ? spec.name() : former.consumer() + " of the stream " + former.stream();
        end(LeaseLoss.GROUP_GONE);
        forget();
        if (stopped) {
            return;
        }
        if (context.makesConsumers()) {
            context.lost(spec.name(), former, stream);
            sink.deleted(JetStreamErrors.deletedAndMadeAnew(name, how, spec.name()));
        } else {
            sink.gone(JetStreamErrors.deletedForGood(name, how, spec.name()));
        }
    }

    /** Ends since it cannot go on; whoever has not stopped it is told. */
    void gone(MessagingException why) {
        if (over == null) {
            end(why.code() == ErrorCode.CLOSED ? LeaseLoss.CLOSED : LeaseLoss.GROUP_GONE);
            forget();
            if (!stopped) {
                sink.gone(why);
            }
        }
    }

    /** Ends when what may not be published is its pulls. */
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

    /** Has the connection know no more of this port. */
    void forget() {
        forgotten.accept(this);
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

    /** Ends its pulls with the connection; their subscriptions will not be used again. */
    void disconnected(MessagingException why) {
        if (pulls != null) {
            pulls.disconnected();
        }
        sink.troubled(why);
    }

    /** Pulls again over the next connection. */
    void connected() {
        if (pulls != null) {
            pulls.balance();
        }
        moved();
        suspect();
    }

    // ---- what its requests and deliveries ask

    /** Returns why nothing of it is held any more; null while something may be. */
    @Nullable
    LeaseLoss loss() {
        return over;
    }

    /** Returns the shortest lease time of the group, in nanoseconds; 0 before it is known. */
    long leaseNanos() {
        ConsumerLife present = life;
        return present == null ? 0 : present.shortestNanos();
    }

    /** Returns the lease time of a delivery at this moment, in nanoseconds. */
    long leaseNanos(NatsHandout handout) {
        ConsumerLife present = life;
        return present == null ? 0 : present.waitNanos(handout.deliveryCount());
    }

    /** Returns what to ask for, so that the nak of a delivery waits for so long, in nanoseconds. */
    long nakDelay(NatsHandout handout, long nanos) {
        ConsumerLife present = life;
        return present == null ? nanos : present.nakDelay(nanos, handout.deliveryCount());
    }

    long requestNanos() {
        return context.requestNanos();
    }

    long sureNanos() {
        return context.sureNanos();
    }

    /** Notes that a delivery is held at this moment. */
    void held(NatsHandout handout) {
        monitor.held(handout);
    }

    /** Returns how others are heard who get our messages. On any thread. */
    MonitorMode mode() {
        return monitor.mode();
    }

    /** Looks a message of the stream up; nothing is told when it is not there any more. */
    void look(long message, Consumer<Message> told) {
        ConsumerLife present = life;
        if (present != null) {
            context.look(present.stream(), message, told);
        }
    }

    /** Notes that a delivery is settled. */
    void settled(NatsHandout handout) {
        monitor.settled(handout);
    }

    /** Notes that another server keeps the leases from now on, or the same one after a restart. */
    void moved() {
        monitor.moved();
    }

    /** Tells whether a lease holds at an instant, by its anchor, whatever the clocks and a restart did to it. */
    boolean isSurelyHeld(NatsHandout handout, long nanos) {
        long sure = LeaseTerms.sureNanos(handout.leaseTime().nanos(), JetStreamSession.ALLOWANCE_NANOS);
        return nanos - handout.anchorNanos() < sure;
    }

    /** Names a message within the group. */
    Object ref(long message) {
        return new NatsHandout.Ref(spec.name(), message);
    }

    /** Returns the token of a delivery. */
    FencingToken token(long delivery) {
        ConsumerLife present = life;
        return new FencingToken(present == null ? 0 : present.number(), delivery);
    }

    // ---- what comes

    /** Hands out a delivery that came, or has it touched before. */
    void came(Message message, AckSubject reply, long anchorNanos, long now) {
        ConsumerLife present = life;
        if (present == null) {
            return;
        }
        check.came(reply.delivery());
        NatsHandout handout = new NatsHandout(this, spec.name(), message, reply, present, anchorNanos);
        // Servers (2.9 to 2.15) keep as the time of a delivery that was never touched the time at which its message
        // was stored: with a restart, or another leader of the consumer, the lease of an old message is over at once.
        handout.touchBy(now + UNTOUCHED_NANOS);
        monitor.came(handout, present, now);
        if (now - anchorNanos < present.shortestNanos() / 4) {
            arrivals.ready(handout);
        } else {
            OrderedArrivals.Place place = arrivals.waits(handout);
            context.connection().write(new FirstTouch(this, handout, place));
        }
    }

    /** Hands out one that waited for its touch, or leaves it to run out. */
    void touchedFirst(OrderedArrivals.Place place, boolean held) {
        arrivals.decide(place, held);
        if (!held && pulls != null) {
            pulls.giveBack();
        }
    }

    void troubled(ErrorCode code, String what) {
        sink.troubled(JetStreamErrors.passing(code, what, spec.name()));
    }

    // ---- check

    /** Returns what is known of its consumer; null before that is anything. */
    @Nullable
    ConsumerLife life() {
        return life;
    }

    /** Checks the consumer, which may not be there any more, or not as it was. */
    void suspect() {
        check.run();
    }

    /** Takes what is told of the consumer now. */
    void changed(ConsumerLife told) {
        long before = leaseNanos();
        life = told;
        stream = stream == null ? context.known(told.stream()) : stream;
        if (pulls != null) {
            pulls.limit(told.limits());
        }
        if (told.shortestNanos() < before) {
            sink.shortened(told.shortestNanos());
        }
    }
}
