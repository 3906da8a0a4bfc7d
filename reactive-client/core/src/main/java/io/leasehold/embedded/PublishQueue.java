package io.leasehold.embedded;

import io.leasehold.broker.Capabilities;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;

/**
 * Decides what becomes of each publish: stored, recognised as a duplicate, refused, or kept waiting for room. Confined
 * to the broker's turn, but for how many wait.
 */
final class PublishQueue {
    private final EmbeddedSettings settings;
    private final InstantSource clock;
    private final Capacity capacity;
    private final Routes routes;
    private final Fullness fullness;
    private final ExpiryTimers timers;
    private final DuplicateWindow duplicates;
    private final StuckCheck stuckCheck = new StuckCheck();
    private final ArrayDeque<PublishCommand> waiting = new ArrayDeque<>(0);
    private final Counter waitingSize = new Counter();
    private long sequence;

    PublishQueue(
            EmbeddedSettings settings, InstantSource clock, Capacity capacity, Routes routes, ExpiryTimers timers) {
        this.settings = settings;
        this.clock = clock;
        this.capacity = capacity;
        this.routes = routes;
        this.fullness = new Fullness(routes, capacity);
        this.timers = timers;
        this.duplicates = new DuplicateWindow(settings);
    }

    /**
     * Finds that waiting is in vain, and ends it.
     *
     * <pre>
     *   nobody consumes the groups that have all there is ───────────────► stuck, at once
     *   publishes wait and no room was made for a while ─────────────────► stuck, until room is made
     * </pre>
     */
    private final class StuckCheck extends TimedLine.Entry {
        private static final long NANOS = Duration.ofSeconds(2).toNanos();
        private static final long NEVER = -1;

        private long freedAtLook;
        private long freedWhenStuck = NEVER;

        boolean isStuck() {
            return freedWhenStuck == capacity.freed() || fullness.isAllUnconsumed();
        }

        void begin() {
            freedAtLook = capacity.freed();
            timers.armDelay(this, NANOS);
        }

        @Override
        void due() {
            if (waiting.isEmpty()) {
                return;
            }
            if (freedAtLook != capacity.freed()) {
                begin();
                return;
            }

            freedWhenStuck = freedAtLook;
            refuseWaiting();
        }
    }

    /** Returns what fills the broker. */
    Fullness fullness() {
        return fullness;
    }

    /** Returns how many publishes wait for room; may be asked on any thread. */
    int waiting() {
        return (int) waitingSize.get();
    }

    /**
     * Stores a message, or has it wait behind the others. What needs no room never waits: while the broker is full, a
     * dead letter that is only retained must get through, or what it makes superfluous would stay.
     */
    void take(PublishCommand publish) {
        Route route;
        try {
            publish.requireFit();
            route = route(publish);
        } catch (MessagingException unfit) {
            refuse(publish, unfit);
            return;
        }

        boolean fits = waiting.isEmpty() && capacity.fits(publish.sizeBytes());
        if (fits || !needsRoom(publish, route)) {
            admit(publish, route);
        } else {
            await(publish);
        }
    }

    private static void refuse(PublishCommand publish, MessagingException why) {
        if (publish.tryWrite()) {
            publish.fail(why);
        }
    }

    /** Refuses those that wait, since nobody makes room: now, and not when their own limits are over. */
    private void refuseWaiting() {
        admitWaiting();
        while (!waiting.isEmpty()) {
            PublishCommand first = waiting.removeFirst();
            waitingSize.add(-1);
            refuse(first, fullness.error(first.topic()));
        }
    }

    /** Stores what waits, as far as there is room now, and forgets what nobody waits for any more. */
    void admitWaiting() {
        while (!waiting.isEmpty() && isAdmissible(waiting.getFirst())) {
            waitingSize.add(-1);
            PublishCommand first = waiting.removeFirst();
            admit(first, route(first));
            if (waiting.isEmpty()) {
                timers.disarm(stuckCheck);
            }
        }
    }

    /** Fails what waits for a session that ends. */
    void end(EmbeddedSession session) {
        waiting.removeIf(publish -> {
            boolean ends = publish.isOf(session);
            if (ends) {
                waitingSize.add(-1);
                publish.close();
            }
            return ends;
        });
    }

    private void await(PublishCommand publish) {
        admitWaiting();

        if (stuckCheck.isStuck()) {
            refuse(publish, fullness.error(publish.topic()));
        } else if (waiting.size() < settings.waitingPublishes()) {
            waitingSize.add(1);
            waiting.addLast(publish);
            if (!stuckCheck.isQueued()) {
                stuckCheck.begin();
            }
        } else if (publish.tryWrite()) {
            publish.fail(
                    ErrorCode.BROKER_FULL,
                    "the broker is full and " + waiting.size() + " publishes wait for room",
                    "consume faster, publish slower, or raise the capacity");
        }
    }

    private boolean isAdmissible(PublishCommand publish) {
        return !publish.isOpen() || capacity.fits(publish.sizeBytes()) || !needsRoom(publish, route(publish));
    }

    /** Tells false for what will be refused, is known already, or is consumed by no group. */
    private boolean needsRoom(PublishCommand publish, Route route) {
        return !isTooLarge(publish.sizeBytes())
                && route.isConsumed()
                && find(publish, route, timers.now()) == DuplicateWindow.UNKNOWN;
    }

    private boolean isTooLarge(int sizeBytes) {
        return sizeBytes > settings.messageBytesMax() || sizeBytes > settings.capacityBytes();
    }

    private Route route(PublishCommand publish) {
        return routes.of(publish.topic());
    }

    private long find(PublishCommand publish, Route route, long now) {
        return duplicates.find(route.family(), publish.id(), now);
    }

    private void admit(PublishCommand publish, Route route) {
        if (!publish.tryWrite()) {
            return;
        }

        if (isTooLarge(publish.sizeBytes())) {
            publish.fail(
                    ErrorCode.TOO_LARGE,
                    "a message of " + publish.sizeBytes() + " bytes is larger than the broker takes",
                    "send less, or raise messageBytesMax and capacityBytes");
            return;
        }
        if (!route.keeps(publish.sizeBytes()) && !settings.allowUnkept()) {
            publish.fail(
                    ErrorCode.NO_GROUP,
                    "no group consumes the topic and nothing retains it",
                    "start a consumer first, or call MessageClient.declare(..); or set EmbeddedSettings.allowUnkept"
                            + " (leasehold.embedded.allow-unkept)");
            return;
        }

        storeOnce(publish, route);
    }

    private void storeOnce(PublishCommand publish, Route route) {
        if (duplicates.isOff()) {
            storeUnlessRepeated(publish, route);
            return;
        }

        long now = timers.now();
        long known = find(publish, route, now);
        if (known != DuplicateWindow.UNKNOWN) {
            publish.confirm(known, true);
            return;
        }

        duplicates.add(route.family(), publish.id(), sequence + 1, now);
        store(publish, route);
    }

    private void storeUnlessRepeated(PublishCommand publish, Route route) {
        boolean recognises = settings.plays().repeats() == Capabilities.Repeats.BY_SESSION;
        long known = recognises ? publish.repeats() : DuplicateWindow.UNKNOWN;
        if (known != DuplicateWindow.UNKNOWN) {
            publish.confirm(known, true);
            return;
        }

        if (recognises) {
            publish.remember(sequence + 1);
        }
        store(publish, route);
    }

    private void store(PublishCommand publish, Route route) {
        sequence++;
        route.offer(new StoredMessage(publish.message(), sequence), clock);
        publish.confirm(sequence, false);
        route.dispatch();
    }
}
