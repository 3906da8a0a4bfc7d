package io.leasehold.nats.jetstream;

import io.leasehold.broker.DeliverySink;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears what others do with the messages of a group, as far as that can be heard, and tells the leases that it ends.
 * On the connection's thread.
 */
final class RedeliveryMonitor implements AckSubjectListener.Observer, Advisories.Hints {
    private static final long LOOK_NANOS_MIN = 1_000_000_000L;

    private final PullPort port;
    private final PortContext context;
    private final DeliverySink sink;
    private final AckSubjectListener listener;
    private final Advisories advisories = new Advisories(this);
    private long activeNanos;
    private boolean watching;
    private boolean leaving;

    RedeliveryMonitor(PullPort port, PortContext context, DeliverySink sink) {
        this.port = port;
        this.context = context;
        this.sink = sink;
        this.listener = new AckSubjectListener(context.connection(), this);
    }

    void listen(ConsumerLife life) {
        advisories.listen(context.connection(), life);
    }

    void stop() {
        listener.stop();
        advisories.stop();
    }

    /** Leaves: nothing more will come, and others are heard while something may still be held, and then no more. */
    void leave() {
        leaving = true;
        if (!watching) {
            gone();
        }
    }

    private void gone() {
        stop();
        port.forget();
    }

    /** Tells whoever had the message of a delivery before that it came. */
    void came(NatsHandout handout, ConsumerLife life, long now) {
        touch(now);
        listener.listen(handout.reply(), life);
        if (handout.deliveryCount() > 1) {
            claim(handout, life);
            listener.watch(handout, activeNanos);
        }
    }

    private void claim(NatsHandout handout, ConsumerLife life) {
        BooleanSupplier isHeld = () -> port.loss() == null && port.isSurelyHeld(handout, context.sureNanos());
        context.connection().write(new TouchClaim(handout, isHeld, context.holder()));
        if (context.mayClaim()) {
            context.connection().write(new SubjectClaim(handout, isHeld, life));
        }
    }

    /** Notes that a delivery is held at this moment: others are listened to for two lease times from here. */
    void held(NatsHandout handout) {
        touch(context.sureNanos());
        listener.held(handout, activeNanos);
    }

    /** Notes that a delivery is settled. */
    void settled(NatsHandout handout) {
        listener.over(handout);
    }

    @Override
    public void moved() {
        if (port.loss() == null) {
            sink.moved();
        }
    }

    private void touch(long now) {
        activeNanos = now;
        if (!watching) {
            watching = true;
            watch();
        }
    }

    // Nobody tells when the lease time is changed: while something is held, it is looked at from time to time.
    private void watch() {
        context.later(Math.max(LOOK_NANOS_MIN, port.leaseNanos() / 4), () -> {
            long idle = context.sureNanos() - activeNanos;
            if (port.loss() != null || idle > 2 * port.leaseNanos()) {
                watching = false;
                listener.stop();
                if (leaving) {
                    gone();
                }
            } else {
                listener.forgetBefore(context.sureNanos() - port.leaseNanos());
                port.suspect();
                watch();
            }
        });
    }

    @Override
    public void claimed(long message, long delivery) {
        end(message, port.token(delivery), LeaseLoss.SUPERSEDED);
    }

    // A lease of a later delivery is not meant.
    @Override
    public void settledUnder(long message, long delivery) {
        end(message, port.token(delivery + 1), LeaseLoss.SETTLED_ELSEWHERE);
    }

    private void end(long message, @Nullable FencingToken newer, LeaseLoss loss) {
        if (port.loss() == null) {
            sink.ended(port.ref(message), newer, loss);
        }
    }

    @Override
    public void hearsLater(MessagingException why) {
        port.troubled(why.code(), "others who get our messages are not heard for a moment: " + why.getMessage());
        later(listener::again);
    }

    @Override
    public void unheard() {
        later(() -> {
            ConsumerLife life = port.life();
            if (life != null) {
                listen(life);
            }
        });
    }

    private void later(Runnable task) {
        context.later(LOOK_NANOS_MIN, () -> {
            if (port.loss() == null) {
                task.run();
            }
        });
    }

    @Override
    public void hears(MonitorMode less, MessagingException why) {
        sink.troubled(JetStreamErrors.hearsLess(why, less, port.spec().name()));
    }

    /** Returns how others are heard. On any thread. */
    MonitorMode mode() {
        return listener.mode();
    }

    @Override
    public void changed() {
        port.suspect();
    }

    @Override
    public void terminated(long message) {
        end(message, null, LeaseLoss.MESSAGE_DELETED);
    }

    // A lease of a newer delivery is not meant.
    @Override
    public void naked(long message, long delivery) {
        end(message, port.token(delivery + 1), LeaseLoss.SETTLED_ELSEWHERE);
    }

    @Override
    public void givenUp(long message, long deliveries) {
        port.troubled(
                ErrorCode.NEVER_FINISHED,
                "the server gave up on message " + message + " after " + deliveries + " deliveries");
        port.look(message, found -> sink.givenUp(port.ref(message), found, (int) deliveries));
    }
}
