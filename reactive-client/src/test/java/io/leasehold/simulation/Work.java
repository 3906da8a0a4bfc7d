package io.leasehold.simulation;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Disposition;
import io.leasehold.lease.Lease;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.Verb;
import io.leasehold.message.Message;
import io.leasehold.simulation.Manners.Ending;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;

/** One call of a handler: user code that tells the oracle everything it does and everything that is done to it. */
final class Work implements Publisher<Object>, Subscription {
    // Short enough to end within the limit of a close.
    private static final long CHILD_NANOS_MAX = 2_000_000_000L;

    final Held held;
    private final Delivery<String> delivery;
    private final Manners manners;
    private final SimWorld world;
    private @Nullable Subscriber<? super Object> subscriber;
    private boolean started;
    private boolean over;
    private int step;
    private long since;

    Work(Held held, Delivery<String> delivery, Manners manners) {
        this.held = held;
        this.delivery = delivery;
        this.manners = manners;
        this.world = held.client().world();
    }

    @Override
    public void subscribe(Subscriber<? super Object> newSubscriber) {
        subscriber = newSubscriber;
        since = held.client().node().agedNanos();
        if (manners.isAttached()) {
            held.client().oracle().workBegins(held);
        }
        held.client().oracle().workSubscribed(this);
        newSubscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (!started && !over) {
            started = true;
            scheduleStep();
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            held.client().oracle().workCancelled(this);
        }
    }

    /** The time of troubles is over: whoever never ended before ends now. */
    void hurry() {
        if (!over && started) {
            held.client().userLane().soon(this::end);
        }
    }

    /** When it was subscribed, on the node's clock. */
    long since() {
        return since;
    }

    private void scheduleStep() {
        if (manners.lengthNanos() == Manners.NEVER && step > manners.insideStep()) {
            return;
        }
        long length = manners.lengthNanos() == Manners.NEVER ? held.client().leaseNanos() : manners.lengthNanos();
        held.client().userLane().after(length / manners.steps(), this::doStep);
    }

    private void doStep() {
        if (over) {
            return;
        }
        held.client().trace("effect for", held);
        if (step == manners.insideStep()) {
            doInside();
        }
        step++;
        if (over) {
            return;
        }
        if (step >= manners.steps() && manners.lengthNanos() != Manners.NEVER) {
            end();
        } else {
            scheduleStep();
        }
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        Object said = dispositionOf(manners.ending());
        held.client().oracle().workEnding(this, manners.ending());
        Subscriber<? super Object> to = java.util.Objects.requireNonNull(subscriber);
        if (manners.ending() == Ending.FAILS) {
            to.onError(HandlerFault.INSTANCE);
            return;
        }
        if (said != null) {
            to.onNext(said);
        }
        to.onComplete();
    }

    private static @Nullable Object dispositionOf(Ending ending) {
        return switch (ending) {
            case SAYS_ACK -> Disposition.ack();
            case SAYS_NAK -> Disposition.nak();
            case SAYS_TERMINATE -> Disposition.terminate("said so");
            case SAYS_DEAD_LETTER -> Disposition.deadLetter("said so");
            default -> null;
        };
    }

    private void doInside() {
        Lease lease = delivery.lease();
        switch (manners.inside()) {
            case ACKS -> settle(Verb.ACK, "ack", lease.ack());
            case NAKS -> settle(Verb.NAK, "nak", lease.nak(nakDelay()));
            case TERMINATES -> settle(Verb.TERMINATE, "terminate", lease.terminate("inside"));
            case SETTLES_TWICE -> {
                settle(Verb.ACK, "ack", lease.ack());
                settle(Verb.TERMINATE, "terminate after ack", lease.terminate("second"));
                settle(Verb.ACK, "second ack", lease.ack());
            }
            case TOUCHES -> held.client().signals().follow("touch", lease.touch());
            case TELLS_PROGRESS -> lease.progress();
            case CHECKS ->
                held.client()
                        .signals()
                        .follow(
                                "check",
                                lease.check()
                                        .doOnSuccess(nothing ->
                                                held.client().oracle().checked(held)));
            case PUBLISHES -> held.client().publishDerived(held, delivery, step);
            case BINDS -> bind(lease);
            case TRACKS ->
                held.client().signals().follow("tracked", lease.track(child()).then());
            case NOTHING -> {}
        }
    }

    private void settle(Verb verb, String what, Mono<SettleAnswer> settlement) {
        held.ask(verb);
        held.client().signals().follow(what, settlement, answer -> {
            if (answer == SettleAnswer.DONE) {
                held.client().cluster().outcomes().requireDone(held, verb);
            }
        });
    }

    private Duration nakDelay() {
        return Duration.ofNanos(world.random().nextLong(held.client().leaseNanos() / 4));
    }

    private void bind(Lease lease) {
        Mono<String> acquire = Mono.from(child()).doOnNext(resource -> held.children++);
        Mono<?> bound = lease.bind(
                acquire, resource -> new Later(held.client().userLane(), someTime(), () -> {}, () -> held.children--));
        held.client().signals().follow("bind", bound);
    }

    private Later child() {
        return new Later(held.client().userLane(), someTime(), () -> held.children++, () -> held.children--);
    }

    private long someTime() {
        return world.random().nextLong(Math.min(CHILD_NANOS_MAX, held.client().leaseNanos() / 2));
    }

    /** A message that follows from the one worked on. */
    static Message derived(Held held, int number) {
        return Message.to("derived")
                .body((held.grant.message.name + "/" + number).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** What a failing handler throws. */
    static final class HandlerFault extends RuntimeException {
        private static final long serialVersionUID = 1L;
        static final HandlerFault INSTANCE = new HandlerFault();

        private HandlerFault() {
            super("the handler failed", null, false, false);
        }
    }
}
