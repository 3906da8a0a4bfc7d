package io.leasehold.test;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.broker.Broker;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.Handout;
import io.leasehold.consume.HeldItem;
import io.leasehold.consume.Outcome;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Lease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Is one client of a scenario: a process of its own, with a clock, threads and a line to the broker. */
final class ScenarioMember implements MemberLine.Watch, Recorder {
    private final String name;
    private final ScenarioTime trueTime;
    private final History history;
    private final Consumer<HandedOut> handedOut;
    private final MemberTime time;
    private final MemberLine line;
    private final MessageClient client;
    private final List<HandedOut> deliveries = new CopyOnWriteArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Message> published = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final Sinks.Many<Outcome> told = Sinks.many().replay().all();
    private Disposable listening = Disposables.disposed();
    private @Nullable HandedOut newest;

    ScenarioMember(
            String name,
            ScenarioTime trueTime,
            History history,
            Broker broker,
            UnaryOperator<MessageClientBuilder> configured,
            Consumer<HandedOut> handedOut) {
        this.name = name;
        this.trueTime = trueTime;
        this.history = history;
        this.handedOut = handedOut;
        this.time = new MemberTime(trueTime, this::fault);
        this.line = new MemberLine(broker, time, this);
        this.client = configured
                .apply(MessageClient.builder()
                        .name(name)
                        .broker(line)
                        .recorder(this)
                        .logging(false)
                        .timeScheduler(time)
                        .userScheduler(time)
                        .cancelScheduler(time))
                .build();
    }

    void listen(Function<? super MessageClient, ? extends Publisher<Outcome>> work) {
        history.note(name, "listens");
        time.run(() -> listening = Flux.from(work.apply(client)).subscribe(this::outcome, this::failed, this::ended));
    }

    private void outcome(Outcome outcome) {
        history.note(name, "outcome " + textOf(outcome));
        failed(outcome);
        outcomes.add(outcome);
        told.emitNext(outcome, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** Notes an assertion of the test that failed within a handler, where it only failed the message. */
    void failed(Outcome outcome) {
        if (outcome.error() instanceof AssertionError failed) {
            fault(failed);
        }
    }

    static String textOf(Outcome outcome) {
        String loss = outcome.loss() == null ? "" : ", " + outcome.loss();
        String code = outcome.code() == null ? "" : ", " + outcome.code();
        String error = outcome.error() == null ? "" : " (" + outcome.error() + ")";
        return outcome.kind() + " of " + idOf(outcome) + loss + code + error;
    }

    static String idOf(Outcome outcome) {
        return outcome.id() == null ? outcome.topic() : outcome.id().value();
    }

    private void failed(Throwable error) {
        history.note(name, "stops listening: " + error);
        told.emitError(error, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private void ended() {
        history.note(name, "has ended listening");
        told.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    void freeze() {
        history.note(name, "is frozen");
        line.forEachPort(LinePort::withdrawCredit);
        time.freeze();
    }

    void thaw() {
        history.note(name, "wakes");
        time.thaw();
        time.run(() -> line.forEachPort(LinePort::renewCredit));
    }

    boolean isFrozen() {
        return time.isFrozen();
    }

    /** Ends listening and client; what does not end by itself is left alone. */
    void close() {
        if (time.isFrozen()) {
            time.thaw();
        }
        time.run(listening::dispose);
        time.run(() -> client.close().subscribe(done -> {}, this::fault));
    }

    // ---- what goes over its line

    @Override
    public HandedOut handsOut(Handout lent, DeliveryPort back) {
        HandedOut delivery = new HandedOut(this, lent, back, trueTime.nanos());
        history.note(name, "is handed " + delivery);
        deliveries.add(delivery);
        newest = delivery;
        handedOut.accept(delivery);
        return delivery;
    }

    @Override
    public void touched(HandedOut delivery) {
        history.note(name, "extends the lease of " + delivery);
        delivery.touched(trueTime.nanos());
    }

    @Override
    public void settles(HandedOut delivery, SettleItem item) {
        history.note(name, "writes " + item.verb() + " of " + delivery);
        delivery.settled(item.verb());
    }

    @Override
    public void publishes(Message message) {
        history.note(name, "publishes " + HandedOut.nameOf(message) + " to " + message.topic());
        published.add(message);
    }

    // ---- what it reports

    @Override
    public void opened(LeaseView lease) {
        HeldItem item = HeldItem.of(lease);
        for (HandedOut delivery : deliveries) {
            if (item != null && delivery.isUnder(lease)) {
                delivery.opened(lease, item.delivery().lease());
                return;
            }
        }
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        history.note(name, "has lost the lease of " + deliveryUnder(lease) + ": " + loss);
    }

    @Override
    public void stale(LeaseView lease, SettleVerb verb) {
        history.note(name, "may not write " + verb + " of " + deliveryUnder(lease));
    }

    private String deliveryUnder(LeaseView lease) {
        return deliveries.stream()
                .filter(delivery -> delivery.isUnder(lease))
                .map(HandedOut::toString)
                .findFirst()
                .orElse("a delivery");
    }

    @Override
    public void fault(Throwable fault) {
        history.note(name, "threw " + fault);
        faults.add(fault);
    }

    // ---- what is known of it

    String name() {
        return name;
    }

    MessageClient client() {
        return client;
    }

    MemberTime time() {
        return time;
    }

    MemberLine line() {
        return line;
    }

    /** Gives what it was handed, the first one first. */
    List<HandedOut> deliveries() {
        return deliveries;
    }

    /** Tells whether it was handed what its handler knows by this lease. */
    boolean has(Lease lease) {
        return deliveries.stream().anyMatch(delivery -> delivery.handle() == lease);
    }

    /** Gives what it was handed last, or null when that was nothing. */
    @Nullable
    HandedOut newest() {
        return newest;
    }

    /** Tells whether it has lost the lease of what it was handed last, and holds none beside it. */
    boolean isOrphaned() {
        return newest != null && newest.loss() != null && deliveries.stream().noneMatch(HandedOut::isOpen);
    }

    @Nullable
    Lease handle() {
        return newest == null ? null : newest.handle();
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    Flux<Outcome> outcomesToCome() {
        return told.asFlux();
    }

    List<Message> published() {
        return published;
    }

    List<Throwable> faults() {
        return faults;
    }
}
