package io.leasehold.consume;

import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.keeper.KeptLease;
import io.leasehold.pace.SerialLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Decides for one group in one client what runs: the registry of runs (one per message), the key lanes, the slots. It
 * outlives subscriptions, and so do the runs, orphans and lanes that it counts. All its state is confined to a serial
 * line; nothing in it blocks or calls user code.
 */
final class Dispatcher<T> {
    /** How many deliveries are held until their delays are over before no more is taken. */
    static final int DELAYED_MAX = 1_000;

    private final ConsumeContext context;
    private final String name;
    private final SerialLine<Turn> line;
    private final Registry<HeldDelivery<T>> registry = new Registry<>();
    private final KeyLanes<T> lanes = new KeyLanes<>();
    private final ArrayDeque<HeldDelivery<T>> ready = new ArrayDeque<>();
    private final BiConsumer<Dispatcher<?>, Integer> onEmpty;
    private final GroupWatch<T> watch;
    // Within the map of dispatchers only.
    private int subscriptions;
    private @Nullable Consumption<T> active;
    private int ended;
    private int running;
    private int waiting;
    private int delayed;
    private boolean toldFull;

    /**
     * Makes a dispatcher.
     *
     * @param onEmpty told when subscriptions have ended, how many, and nothing is held any more
     */
    Dispatcher(ConsumeContext context, String name, BiConsumer<Dispatcher<?>, Integer> onEmpty) {
        this.context = context;
        this.onEmpty = onEmpty;
        this.name = name;
        this.line = new SerialLine<>(Turn::take, this::afterBurst, context.recorder()::fault, null, context.apart());
        this.watch = new GroupWatch<>(this);
    }

    /** Counts one more subscription. Within the map of dispatchers only. */
    void entered() {
        subscriptions++;
    }

    /** Counts so many subscriptions less; true when none is left. Within the map of dispatchers only. */
    boolean left(int many) {
        subscriptions -= many;
        return subscriptions == 0;
    }

    ConsumeContext context() {
        return context;
    }

    String name() {
        return name;
    }

    /** Shows what is held now. Asks in the serial line, and is answered there. */
    Mono<GroupHoldings> inspect() {
        return Mono.create(asked -> execute(() -> asked.success(watch.holdings())));
    }

    /** Has the dispatcher look at a delivery that does not stand in its line. From any thread. */
    void add(HeldDelivery<T> delivery) {
        line.addInBurst(delivery);
    }

    /** Has the dispatcher do something. From any thread. */
    void execute(Runnable event) {
        line.addInBurst(Turn.of(event));
    }

    // ---- all below in the serial line

    @Nullable
    Consumption<T> active() {
        return active;
    }

    /** Makes a consumption the active one; false when there is another. */
    boolean activate(Consumption<T> consumption) {
        if (active != null) {
            return false;
        }
        active = consumption;
        watch.taking();
        return true;
    }

    /** Hears that messages are asked for again. */
    void taking() {
        watch.taking();
    }

    /** Takes a consumption out: what waits for it is given back. */
    void deactivate(Consumption<T> consumption) {
        releaseWaiting(consumption);
        writeHeldBack(consumption);
        if (active == consumption) {
            active = null;
        }
        ended++;
    }

    /** Hears that a subscription that has entered was refused before it began. */
    void neverBegan() {
        ended++;
    }

    int running() {
        return running;
    }

    int waiting() {
        return waiting;
    }

    int ready() {
        return ready.size();
    }

    int lanes() {
        return lanes.size();
    }

    List<HeldDelivery<T>> held() {
        List<HeldDelivery<T>> present = registry.all();
        List<HeldDelivery<T>> all = new ArrayList<>(present);
        for (HeldDelivery<T> delivery : present) {
            HeldDelivery<T> successor = delivery.successor();
            if (successor != null) {
                all.add(successor);
            }
        }

        return all;
    }

    void look(HeldDelivery<T> delivery) {
        boolean over = !delivery.kept().state().isOpen();
        switch (delivery.stage()) {
            case NEW -> arrive(delivery);
            case BEHIND, LANE, READY -> {
                if (over) {
                    leaveWaiting(delivery);
                    delivery.context().failures().lostWhileWaiting(delivery.kept());
                } else if (delivery.hasWaitedTooLong()) {
                    release(delivery);
                }
            }
            case STARTED, ORPHAN -> {
                boolean leaves = over || delivery.kept().isHeldBack();
                if (leaves && delivery.isIdle() && !delivery.isHandOverPending()) {
                    close(delivery, over);
                } else if (over && !delivery.kept().mayWork()) {
                    delivery.cancel(Execution.Stop.LOST);
                    watch.lost(delivery);
                }
            }
            case DELAYED -> {
                if (over) {
                    delayed--;
                    delivery.stage(DeliveryStage.GONE);
                    leaveRegistry(delivery);
                    delivery.kept().retire();
                    delivery.tellOutcome();
                }
            }
            case GONE -> {
                if (over) {
                    delivery.kept().retire();
                    delivery.tellOutcome();
                }
            }
        }
    }

    private void arrive(HeldDelivery<T> delivery) {
        boolean tooMany = delivery.receiver().isTooMany(waiting);
        HeldDelivery<T> present = registry.get(delivery.ref());

        if (present == null) {
            registry.add(delivery);
            admit(delivery, tooMany || !delivery.receiver().isTaking());
        } else if (!delivery.isNewerThan(newest(present))) {
            delivery.stage(DeliveryStage.GONE);
            delivery.kept().lose(LeaseLoss.SUPERSEDED);
            report(MessagingEvent.Kind.OLDER_DELIVERY, delivery);
        } else {
            supersede(present, delivery);
        }
    }

    private static <T> HeldDelivery<T> newest(HeldDelivery<T> present) {
        HeldDelivery<T> successor = present.successor();
        return successor == null ? present : successor;
    }

    // The older run is cancelled; the newer delivery waits for its end, and takes the place of one that waits
    // already.
    private void supersede(HeldDelivery<T> older, HeldDelivery<T> newer) {
        HeldDelivery<T> replaced = older.successor();
        newer.stage(DeliveryStage.BEHIND);
        waiting++;
        older.successor(newer);
        if (replaced != null) {
            waiting--;
            replaced.stage(DeliveryStage.GONE);
            replaced.kept().lose(LeaseLoss.SUPERSEDED);
            replaced.review();
        }
        newer.waitAtMost(2 * newer.kept().terms().leaseNanos());
        older.kept().lose(LeaseLoss.SUPERSEDED);
        older.cancel(Execution.Stop.LOST);

        if (older.stage().isWaiting()) {
            leaveWaiting(older);
        }
    }

    private void admit(HeldDelivery<T> delivery, boolean giveBack) {
        DeliveryReceiver<T> receiver = delivery.receiver();
        waiting++;
        if (giveBack) {
            makeReady(delivery);
            release(delivery);
            return;
        }

        String key = receiver.keyOf(delivery);
        delivery.laneKey(key);
        if (key != null && !lanes.enter(key, delivery)) {
            delivery.stage(DeliveryStage.LANE);
            delivery.waitAtMost(receiver.laneWaitNanos());
        } else {
            makeReady(delivery);
        }
    }

    private void makeReady(HeldDelivery<T> delivery) {
        delivery.stage(DeliveryStage.READY);
        ready.add(delivery);
    }

    /** Gives a waiting delivery back. */
    private void release(HeldDelivery<T> delivery) {
        boolean behind = delivery.stage() == DeliveryStage.BEHIND;
        // One that would be held back for its delay would stay here instead of going elsewhere.
        boolean delays = behind && delivery.kept().terms().rules().delaysNaks();
        long delay = delays ? delivery.backoffNanos() : 0;
        leaveWaiting(delivery);
        delivery.kept().settle(SettleVerb.NAK, delay, null);
        delivery.context().failures().released(delivery.handout());
        report(behind ? MessagingEvent.Kind.SUCCESSOR_RELEASED : MessagingEvent.Kind.RELEASED, delivery);
    }

    /** Gives back what waits of a consumption. */
    void releaseWaiting(Consumption<T> consumption) {
        for (HeldDelivery<T> delivery : held()) {
            if (delivery.stage().isWaiting() && delivery.receiver() == consumption) {
                release(delivery);
            }
        }
    }

    /** Gives back what is held until its delay is over. */
    void writeHeldBack(Consumption<T> consumption) {
        for (HeldDelivery<T> delivery : held()) {
            if (delivery.stage() == DeliveryStage.DELAYED && delivery.receiver() == consumption) {
                delivery.kept().writeHeldBack();
            }
        }
    }

    /** Gives back what waits for the others of its batch, but for what runs between two tries. */
    void releaseWithinBatches(Consumption<T> consumption) {
        for (HeldDelivery<T> delivery : held()) {
            boolean ended = consumption.isEnding() || !delivery.kept().hasStarted();
            if (ended && delivery.stage().hasSlot() && delivery.receiver() == consumption) {
                delivery.releaseWaiting();
            }
        }
    }

    /** Ends leases of a message of which the broker says so: those that are older than a token, or all. */
    void end(Object ref, @Nullable FencingToken newer, LeaseLoss loss) {
        HeldDelivery<T> present = registry.get(ref);
        if (present == null) {
            return;
        }

        HeldDelivery<T> successor = present.successor();
        if (successor != null && successor.isOlderThan(newer)) {
            successor.kept().lose(loss);
        }
        if (present.isOlderThan(newer)) {
            present.kept().lose(loss);
        }
    }

    /** Ends the leases of a consumption with the connection that they belong to. */
    void connectionLost(Consumption<T> consumption) {
        for (HeldDelivery<T> delivery : held()) {
            if (delivery.receiver() == consumption) {
                delivery.kept().connectionLost();
            }
        }
    }

    /** Ends all leases with their group. */
    void groupEnded() {
        for (HeldDelivery<T> delivery : held()) {
            delivery.context().failures().groupEnded();
            delivery.kept().lose(LeaseLoss.GROUP_GONE);
        }
    }

    /** Does something with the lease of everything that is held. */
    void forEachLease(Consumer<KeptLease> step) {
        for (HeldDelivery<T> delivery : held()) {
            step.accept(delivery.kept());
        }
    }

    /** Gives back what was handed out and nobody attached work to. */
    void releaseUnattached(Consumption<T> consumption) {
        for (HeldDelivery<T> delivery : held()) {
            if (delivery.stage().hasSlot() && delivery.receiver() == consumption) {
                delivery.discarded();
            }
        }
    }

    /** Cancels all runs of a consumption; each gives its message back when it has ended. */
    void cancelRuns(Consumption<T> consumption) {
        for (HeldDelivery<T> delivery : held()) {
            if (delivery.stage().hasSlot() && delivery.receiver() == consumption) {
                delivery.cancel(Execution.Stop.RELEASE);
            }
        }
    }

    /** Gives those of a consumption whose work has ended and whose settlement has not. */
    List<HeldDelivery<T>> unanswered(Consumption<T> consumption) {
        return held().stream()
                .filter(delivery -> delivery.stage().hasSlot()
                        && delivery.receiver() == consumption
                        && delivery.isIdle()
                        && delivery.kept().decidedOrNull() != null)
                .toList();
    }

    /** Gives back what waits above a bound, newest first. */
    void releaseAbove(int bound) {
        while (waiting > bound && !ready.isEmpty()) {
            release(ready.getLast());
        }
    }

    private void leaveWaiting(HeldDelivery<T> delivery) {
        waiting--;
        if (delivery.stage() == DeliveryStage.READY) {
            ready.remove(delivery);
        }
        delivery.stage(DeliveryStage.GONE);
        leaveRegistry(delivery);
        leaveLane(delivery);

        if (!delivery.kept().state().isOpen()) {
            delivery.kept().retire();
        }
    }

    private void leaveLane(HeldDelivery<T> delivery) {
        String key = delivery.laneKey();
        HeldDelivery<T> next = key == null ? null : lanes.leave(key, delivery);
        if (next != null && next.stage() == DeliveryStage.LANE) {
            makeReady(next);
        }
    }

    private void leaveRegistry(HeldDelivery<T> delivery) {
        HeldDelivery<T> present = registry.get(delivery.ref());
        if (present == null) {
            return;
        }
        if (present != delivery) {
            if (present.successor() == delivery) {
                present.successor(null);
            }
            return;
        }

        HeldDelivery<T> successor = delivery.successor();
        delivery.successor(null);
        if (successor == null) {
            registry.remove(delivery);
        } else {
            registry.replace(delivery, successor);
            waiting--;
            admit(successor, !successor.receiver().isTaking());
        }
    }

    // Its run has ended, and so has its lease, unless that is held until the delay of its nak is over.
    private void close(HeldDelivery<T> delivery, boolean over) {
        if (delivery.freesSlot()) {
            running--;
        }
        boolean wasOrphan = delivery.stage() == DeliveryStage.ORPHAN;
        delivery.stage(over ? DeliveryStage.GONE : DeliveryStage.DELAYED);
        if (over) {
            leaveRegistry(delivery);
        }
        leaveLane(delivery);

        Outcome outcome = delivery.outcome();
        Run<T> run = delivery.runOrNull();
        if (run != null) {
            run.closed(outcome);
        }
        watch.ended(delivery, outcome, wasOrphan);
        if (over) {
            delivery.kept().retire();
        } else {
            heldBack(delivery);
        }
        delivery.receiver().closed(delivery, outcome);
    }

    private void heldBack(HeldDelivery<T> delivery) {
        delayed++;
        if (!delivery.receiver().isTaking()) {
            delivery.kept().writeHeldBack();
        }
    }

    private void afterBurst() {
        advance();
        watch.counted(waiting, running);
        if (ended > 0 && active == null && registry.isEmpty()) {
            int many = ended;
            ended = 0;
            onEmpty.accept(this, many);
        }
    }

    private void advance() {
        Consumption<T> consumption = active;
        if (consumption == null) {
            return;
        }

        int taken = consumption.takes(running, ready);
        while (taken > 0) {
            running++;
            take(consumption, taken);
            taken = consumption.takes(running, ready);
        }
        consumption.grant(running, waiting, ready.size(), DELAYED_MAX - delayed);
        boolean full = delayed >= DELAYED_MAX;
        if (full && !toldFull) {
            consumption.reportDelaysFull();
        }
        toldFull = full || (toldFull && delayed > DELAYED_MAX / 2);
        consumption.endIfOver();
    }

    private void take(Consumption<T> consumption, int count) {
        for (int i = 0; i < count; i++) {
            HeldDelivery<T> next = ready.remove();
            waiting--;
            next.stage(DeliveryStage.STARTED);
            watch.started(next);
            consumption.start(next);
        }
    }

    private void report(MessagingEvent.Kind kind, HeldDelivery<T> delivery) {
        context.recorder().event(MessagingEvent.of(kind, name + "/" + delivery.topic(), null));
    }
}
