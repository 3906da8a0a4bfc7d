package io.leasehold.simulation;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Disposition;
import io.leasehold.lease.Lease;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import io.leasehold.simulation.Manners.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;

/**
 * One call of a handler, for one delivery or for several: user code that tells the oracle everything it does and
 * everything that is done to it.
 */
final class WatchedWork implements Publisher<Object>, Subscription {
    // Short enough to end within the limit of a close.
    private static final long CHILD_NANOS_MAX = 2_000_000_000L;
    private static final String OF_USERS = "thrown by user code";

    private final SimClient client;
    private final List<WatchedDelivery> all;
    private final List<WatchedDelivery> helds;
    private final List<? extends Delivery<String>> deliveries;
    private final Manners manners;
    private final SimWorld world;
    private @Nullable Subscriber<? super Object> subscriber;
    private boolean started;
    private boolean over;
    private int step;
    private long since;
    private long desertedAt = Long.MAX_VALUE;

    WatchedWork(SimClient client, List<? extends Delivery<String>> deliveries, Manners manners) {
        this.client = client;
        this.deliveries = deliveries;
        this.manners = manners;
        this.world = client.world();
        this.all = new ArrayList<>(deliveries.size());
        for (Delivery<String> delivery : deliveries) {
            all.add(client.heldOf(delivery));
        }
        this.helds = new ArrayList<>(all);
    }

    SimClient client() {
        return client;
    }

    /** The deliveries that it was begun for. */
    List<WatchedDelivery> all() {
        return all;
    }

    /** Those of them under whose leases it goes on. */
    List<WatchedDelivery> helds() {
        return helds;
    }

    /** It goes on without one of its deliveries. */
    void leave(WatchedDelivery held) {
        helds.remove(held);
        if (helds.isEmpty()) {
            desertedAt = world.now();
        }
    }

    /** The instant of true time from which on it had no lease at all. */
    long desertedAt() {
        return desertedAt;
    }

    @Override
    public void subscribe(Subscriber<? super Object> newSubscriber) {
        subscriber = newSubscriber;
        since = client.node().agedNanos();
        if (manners.isAttached()) {
            all.forEach(client.oracle()::workBegins);
        }
        client.oracle().workSubscribed(this);
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
            client.oracle().workCancelled(this);
        }
    }

    /** The time of troubles is over: whoever never ended before ends now. */
    void hurry() {
        if (!over && started) {
            client.userLane().soon(this::end);
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
        long length = manners.lengthNanos() == Manners.NEVER ? client.leaseNanos() : manners.lengthNanos();
        client.userLane().after(length / manners.steps(), this::doStep);
    }

    private void doStep() {
        if (over) {
            return;
        }
        client.trace("effect for", all.get(0));
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
        client.oracle().workEnding(this, manners.ending());
        Subscriber<? super Object> to = java.util.Objects.requireNonNull(subscriber);
        switch (manners.ending()) {
            case FAILS -> {
                to.onError(HandlerFault.INSTANCE);
                return;
            }
            case FAILS_FATALLY -> {
                to.onError(fatal(client));
                return;
            }
            default -> {}
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
        int which = all.size() == 1 ? 0 : world.random().nextInt(all.size());
        doInside(all.get(which), deliveries.get(which));
    }

    private void doInside(WatchedDelivery held, Delivery<String> delivery) {
        Lease lease = delivery.lease();
        switch (manners.inside()) {
            case ACKS -> settle(held, SettleVerb.ACK, "ack", lease.ack());
            case NAKS -> settle(held, SettleVerb.NAK, "nak", lease.nak(nakDelay()));
            case TERMINATES -> settle(held, SettleVerb.TERMINATE, "terminate", lease.terminate("inside"));
            case SETTLES_TWICE -> {
                settle(held, SettleVerb.ACK, "ack", lease.ack());
                settle(held, SettleVerb.TERMINATE, "terminate after ack", lease.terminate("second"));
                settle(held, SettleVerb.ACK, "second ack", lease.ack());
            }
            case TOUCHES -> client.signals().follow("touch", lease.touch());
            case TELLS_PROGRESS -> lease.progress();
            case CHECKS ->
                client.signals()
                        .follow(
                                "check",
                                lease.check()
                                        .doOnSuccess(nothing -> client.oracle().checked(held)));
            case PUBLISHES -> client.publishDerived(held, delivery, step);
            case BINDS -> bind(held, lease);
            case TRACKS ->
                client.signals().follow("tracked", lease.track(child(held)).then());
            case SETTLES_SOME -> settleSome();
            case NOTHING -> {}
        }
    }

    private void settleSome() {
        for (int i = 0; i < all.size() && !over; i++) {
            WatchedDelivery held = all.get(i);
            Lease lease = deliveries.get(i).lease();
            switch (world.random().nextInt(6)) {
                case 0 -> settle(held, SettleVerb.ACK, "ack", lease.ack());
                case 1 -> settle(held, SettleVerb.NAK, "nak", lease.nak(nakDelay()));
                case 2 -> settle(held, SettleVerb.TERMINATE, "terminate", lease.terminate("inside"));
                default -> {}
            }
        }
    }

    private void settle(WatchedDelivery held, SettleVerb verb, String what, Mono<SettleAnswer> settlement) {
        held.ask(verb);
        client.signals().follow(what, settlement, answer -> {
            if (answer == SettleAnswer.DONE) {
                client.cluster().outcomes().requireDone(held, verb);
            }
        });
    }

    private Duration nakDelay() {
        return Duration.ofNanos(world.random().nextLong(client.leaseNanos() / 4));
    }

    private void bind(WatchedDelivery held, Lease lease) {
        Mono<String> acquire = Mono.from(child(held)).doOnNext(resource -> held.childBegins());
        Mono<?> bound =
                lease.bind(acquire, resource -> new Later(client.userLane(), someTime(), () -> {}, held::childEnds));
        client.signals().follow("bind", bound);
    }

    private Later child(WatchedDelivery held) {
        return new Later(client.userLane(), someTime(), held::childBegins, held::childEnds);
    }

    private long someTime() {
        return world.random().nextLong(Math.min(CHILD_NANOS_MAX, client.leaseNanos() / 2));
    }

    /** A message that follows from the one worked on. */
    static Message derived(WatchedDelivery held, int number) {
        return Message.to("derived")
                .body((held.grant.message.name + "/" + number).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** What user code throws that Reactor calls fatal, or does not although it is an error. */
    static Error fatal(SimClient client) {
        return switch (client.world().random().nextInt(4)) {
            case 0 -> new NoClassDefFoundError(OF_USERS);
            case 1 -> new StackOverflowError(OF_USERS);
            case 2 -> new OutOfMemoryError(OF_USERS);
            default -> new AssertionError(OF_USERS);
        };
    }

    /** Whether something that left a task is what user code threw: that is for its thread to deal with. */
    static boolean isFatalOfUsers(Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null && !OF_USERS.equals(cause.getMessage())) {
            cause = cause.getCause();
        }
        return cause != null;
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
