package io.leasehold.test;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.GroupCounts;
import io.leasehold.consume.HeldReport;
import io.leasehold.consume.Outcome;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.embedded.EmbeddedStats;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.Lease;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Plays what may happen to a message and those who work on it: an embedded broker and real clients of it, its members,
 * all on the thread of the test and in virtual time.
 *
 * <pre>{@code
 * try (LeaseScenario scenario = LeaseScenario.create()) {
 *     scenario.member("one", client -> listen(client, scenario)).publish("orders.created", "42", "order 42");
 *     scenario.freeze("one").expire();
 *     scenario.member("two", client -> listen(client, scenario)).redeliver("two");
 *     scenario.thaw("one");
 *     scenario.assertOutcomes("one", Outcome.Kind.LOST).assertOutcomes("two", Outcome.Kind.ACKED);
 *     scenario.assertEffects("billed order 42");
 * }
 * }</pre>
 *
 * <p>Time passes only by {@link #pass} and the steps that say so. Each member has a clock and threads of its own,
 * which can be {@linkplain #freeze frozen}. While a scenario is open, Reactor's default schedulers are virtual in
 * the whole JVM: what a handler does with {@code Mono.delay} or {@code timeout} takes the time of its member. So a
 * JVM runs tests with scenarios one at a time. Blocking handlers keep their real threads: wait for what they do,
 * then {@link #pass} no time.
 *
 * <p>An assertion that fails tells what was expected, what was seen, and the whole history with its virtual times.
 * {@link #close} asserts that nothing is left behind. Not for use by several threads.
 */
@CheckReturnValue
public final class LeaseScenario implements AutoCloseable {
    private static final String TEST = "test";
    private static final String POISONED = "leasehold-test-poison";
    private static final byte[] NEITHER_TEXT_NOR_JSON = {(byte) 0xFF, (byte) 0xFE, 0};
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration REDELIVERY_LIMIT = Duration.ofMinutes(10);
    private static final Duration CLOSING = Duration.ofMinutes(5);

    // Which one has made the default schedulers virtual.
    private static final AtomicReference<@Nullable LeaseScenario> OPEN = new AtomicReference<>();

    private final Thread opener = Thread.currentThread();
    private final @Nullable LeaseScenario outer = entered(this);
    private final ScenarioTime time = new ScenarioTime();
    private final History history = new History(time);
    private final Disposable defaultSchedulers = DefaultSchedulers.replacedBy(time);
    private final EmbeddedBroker broker;
    private final Map<String, ScenarioMember> members = new LinkedHashMap<>();
    private final List<Effect> effects = new CopyOnWriteArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final MessageClient publisher;
    private Codecs codecs = Codecs.builtIn();
    // What the last step spoke of, until something new is published; and what was handed out last.
    private @Nullable HandedOut current;
    private @Nullable HandedOut latest;
    private boolean leavesHeld;
    private boolean leavesLent;
    private boolean closed;
    private int poisons;

    /**
     * Is what a handler did.
     *
     * @param what as it was noted
     * @param by the member, or the test
     * @param orphaned whether whoever did it had lost the lease
     */
    private record Effect(String what, String by, boolean orphaned) {}

    private LeaseScenario(EmbeddedSettings settings) {
        try {
            this.broker = EmbeddedBroker.create(settings, time);
            this.publisher = MessageClient.builder()
                    .name("publisher")
                    .broker(broker)
                    .logging(false)
                    .timeScheduler(time)
                    .userScheduler(time)
                    .cancelScheduler(time)
                    .build();
        } catch (RuntimeException | Error refused) {
            leave();
            throw refused;
        }
    }

    private void leave() {
        defaultSchedulers.dispose();
        OPEN.set(outer);
    }

    private static @Nullable LeaseScenario entered(LeaseScenario next) {
        LeaseScenario present = OPEN.get();
        boolean free = present == null || present.opener == Thread.currentThread();
        if (!free || !OPEN.compareAndSet(present, next)) {
            throw new IllegalStateException(
                    "another thread has a scenario open: run such tests one at a time," + " and close each scenario");
        }
        return present;
    }

    /**
     * Opens a scenario on a broker that checks tokens.
     *
     * @throws IllegalStateException when another thread has one open
     */
    public static LeaseScenario create() {
        return on(EmbeddedSettings.defaults());
    }

    /**
     * Opens a scenario on a broker of these settings: one that checks no tokens, for example, or takes what nobody
     * listens to ({@link EmbeddedSettings.Builder#allowUnkept}).
     *
     * @throws IllegalStateException when another thread has one open
     */
    public static LeaseScenario on(EmbeddedSettings settings) {
        return new LeaseScenario(settings);
    }

    // ---- who takes part

    /** Sets the codecs of the members that join from now on; default the built-in ones. */
    @CanIgnoreReturnValue
    public LeaseScenario codecs(Codecs used) {
        codecs = used.orElse(Codecs.builtIn());
        return this;
    }

    /**
     * Adds a member, which listens at once.
     *
     * @param name by which the steps and assertions name it
     * @param listening what it does with its client, for example {@code client.consumer(..).handle(..)}
     * @throws IllegalArgumentException when there is one of that name
     */
    @CanIgnoreReturnValue
    public LeaseScenario member(String name, Function<? super MessageClient, ? extends Publisher<Outcome>> listening) {
        return member(name, client -> client, listening);
    }

    /**
     * Adds a member as {@link #member(String, Function)} does, of which the client is configured further: its stages or
     * recorders, for example. Its name, broker and schedulers are the scenario's.
     */
    @CanIgnoreReturnValue
    public LeaseScenario member(
            String name,
            UnaryOperator<MessageClientBuilder> configured,
            Function<? super MessageClient, ? extends Publisher<Outcome>> listening) {
        if (members.containsKey(name) || name.equals(TEST)) {
            throw new IllegalArgumentException("there is a member " + name + " already");
        }

        Codecs used = new PoisonedCodecs(codecs, POISONED);
        ScenarioMember member = new ScenarioMember(
                name,
                time,
                history,
                broker,
                builder -> configured.apply(builder).codecs(used),
                last -> latest = last);
        members.put(name, member);
        member.listen(client -> Flux.from(listening.apply(client)).doOnNext(this::noteDone));
        time.step();
        return this;
    }

    private void noteDone(Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.ACKED) {
            done.add(ScenarioMember.idOf(outcome));
        }
    }

    ScenarioMember of(String name) {
        ScenarioMember member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("no member " + name + ": there are " + members.keySet());
        }
        return member;
    }

    // ---- steps

    /** Publishes text with an id. No time passes. */
    @CanIgnoreReturnValue
    public LeaseScenario publish(String topic, String id, String body) {
        return publish(Message.to(topic).id(id).body(body));
    }

    /**
     * Publishes messages, in order; a body that is {@linkplain Message#body(Object) a value} is encoded by the
     * scenario's codecs. No time passes.
     *
     * @throws AssertionError when the broker does not take one
     */
    @CanIgnoreReturnValue
    public LeaseScenario publish(Message... messages) {
        current = null;
        for (Message message : messages) {
            note("publishes " + HandedOut.nameOf(message) + " to " + message.topic());
            AtomicReference<@Nullable String> refusal = new AtomicReference<>("no answer");
            publisher
                    .publish(codecs.encoded(message))
                    .subscribe(receipt -> refusal.set(null), error -> refusal.set(error.toString()));
            time.step();
            String seen = refusal.get();
            if (seen != null) {
                throw failure("the broker to take " + HandedOut.nameOf(message), seen);
            }
        }
        return this;
    }

    /**
     * Publishes a message whose body no member can decode, with the id {@code poison-1} (and so on). Consumers of
     * {@code byte[]} and {@link Message} decode nothing; they get bytes that are neither text nor JSON.
     */
    @CanIgnoreReturnValue
    public LeaseScenario poison(String topic) {
        poisons++;
        return publish(
                Message.to(topic).id("poison-" + poisons).header(POISONED, "1").body(NEITHER_TEXT_NOR_JSON));
    }

    /** Lets time pass for the broker and all members that are not frozen. */
    @CanIgnoreReturnValue
    public LeaseScenario pass(Duration duration) {
        time.advanceTimeBy(duration);
        return this;
    }

    /**
     * Makes the last delivery to a member the current one, of which {@link #expire} and {@link #redeliver} speak, until
     * another message is published; otherwise that is the last one to any member. No time passes.
     *
     * @throws AssertionError when the member holds no delivery
     */
    @CanIgnoreReturnValue
    public LeaseScenario deliver(String member) {
        time.step();
        HandedOut newest = of(member).newest();
        if (newest == null || !newest.isOpen() || newest.settledBy() != null) {
            throw failure(
                    member + " to hold a delivery", newest == null ? "it was handed none" : newest + " has ended");
        }
        current = newest;
        return this;
    }

    private HandedOut current() {
        HandedOut last = current == null ? latest : current;
        if (last == null) {
            throw failure("a delivery", "nobody was handed one");
        }
        return last;
    }

    /**
     * Lets the time pass that the lease of the current delivery has left at the broker, which then takes the message
     * back. Its holder is frozen, or does not extend it.
     *
     * @throws AssertionError when it is extended or settled instead
     */
    @CanIgnoreReturnValue
    public LeaseScenario expire() {
        HandedOut delivery = current();
        note("lets the lease of " + delivery + " run out");
        current = delivery;
        long end = delivery.expiresNanos();
        if (delivery.settledBy() == null && end > time.nanos()) {
            time.advanceTimeBy(Duration.ofNanos(end - time.nanos()));
        }

        if (delivery.settledBy() != null) {
            throw failure("the lease of " + delivery + " to run out", "it was settled: " + delivery.settledBy());
        }
        if (delivery.expiresNanos() > end) {
            String remedy = ": freeze the member, or have it touch never (TouchMode.NEVER)";
            throw failure(
                    "the lease of " + delivery + " to run out", delivery.to().name() + " has extended it" + remedy);
        }
        return this;
    }

    /**
     * Waits until the message of the current delivery was handed to another member, or to the same one again; that is
     * the current delivery then. Up to 10 min of virtual time pass, in steps of 100 ms.
     *
     * @param to who is to get it
     * @throws AssertionError when it does not
     */
    @CanIgnoreReturnValue
    public LeaseScenario redeliver(String to) {
        HandedOut before = current();
        if (current == null && before.to() == of(to) && before.deliveryCount() > 1) {
            current = before;
            return this;
        }

        note("waits until " + before.name() + " is handed to " + to);
        time.step();
        HandedOut next = following(before, of(to));
        for (Duration passed = Duration.ZERO; next == null && passed.compareTo(REDELIVERY_LIMIT) < 0; ) {
            time.advanceTimeBy(STEP);
            passed = passed.plus(STEP);
            next = following(before, of(to));
        }

        if (next == null) {
            throw failure(to + " to be handed " + before.name() + " after " + before, "it was not");
        }
        current = next;
        return this;
    }

    private static @Nullable HandedOut following(HandedOut before, ScenarioMember to) {
        for (HandedOut delivery : to.deliveries()) {
            if (delivery.ref().equals(before.ref()) && delivery.deliveryCount() > before.deliveryCount()) {
                return delivery;
            }
        }
        return null;
    }

    /**
     * Stops a member as a suspended process or a long collection of garbage does: its clock stands, its timers and
     * threads do not run, and what is sent to it or by it waits.
     */
    @CanIgnoreReturnValue
    public LeaseScenario freeze(String member) {
        ScenarioMember frozen = of(member);
        if (!frozen.isFrozen()) {
            frozen.freeze();
        }
        return this;
    }

    /**
     * Wakes a member: its clock shows the time that has passed, and what waited runs: first what the test asked of it,
     * then the timers that came too late, in the order in which they were due. So work that was due before the lease
     * ran out goes on before the client sees that it has, as in a process that was stopped; what it does then counts
     * as that of an orphan.
     */
    @CanIgnoreReturnValue
    public LeaseScenario thaw(String member) {
        if (of(member).isFrozen()) {
            of(member).thaw();
            time.step();
        }
        return this;
    }

    /**
     * Has a member ack what it was handed last, by the lease that its handler has; when it is frozen, as the first
     * thing when it wakes. No time passes.
     *
     * @return the answer; replayed, and asked for already
     * @throws AssertionError when the member was handed nothing
     */
    @CanIgnoreReturnValue
    public Mono<SettleAnswer> lateAck(String member) {
        ScenarioMember acking = of(member);
        Lease lease = acking.handle();
        if (lease == null) {
            throw failure(member + " to have been handed something to ack", "it was not");
        }

        HandedOut delivery = acking.newest();
        Sinks.One<SettleAnswer> answer = Sinks.one();
        history.note(member, "is to ack " + delivery);
        acking.time()
                .run(() -> lease.ack()
                        .subscribe(
                                given -> {
                                    history.note(member, "hears of its ack of " + delivery + ": " + given);
                                    answer.tryEmitValue(given);
                                },
                                error -> {
                                    history.note(member, "may not ack " + delivery + ": " + codeOf(error));
                                    answer.tryEmitError(error);
                                }));
        time.step();
        return answer.asMono();
    }

    private static String codeOf(Throwable error) {
        return error instanceof MessagingException ours ? ours.code().name() : error.toString();
    }

    /**
     * Breaks the connection of a member, which connects again at once. What becomes of its leases is a matter of the
     * broker's settings. No time passes.
     */
    @CanIgnoreReturnValue
    public LeaseScenario disconnect(String member) {
        history.note(of(member).name(), "is disconnected");
        broker.disconnect(member);
        time.step();
        return this;
    }

    /**
     * Notes what a handler did, to be asserted later. What a member does after it has lost its last lease is noted as
     * the deed of an orphan.
     */
    @CanIgnoreReturnValue
    public LeaseScenario effect(String what) {
        MemberTime running = time.current();
        ScenarioMember by = members.values().stream()
                .filter(member -> member.time() == running)
                .findFirst()
                .orElse(null);
        return effect(by == null ? TEST : by.name(), what, by != null && by.isOrphaned());
    }

    /** Notes what a handler did with a delivery; that of an orphan when its lease is not held at this instant. */
    @CanIgnoreReturnValue
    public LeaseScenario effect(Delivery<?> delivery, String what) {
        String by = members.values().stream()
                .filter(member -> member.has(delivery.lease()))
                .map(ScenarioMember::name)
                .findFirst()
                .orElse(TEST);
        return effect(by, what, !delivery.lease().isHeld());
    }

    private LeaseScenario effect(String by, String what, boolean orphaned) {
        history.note(by, "does: " + what + (orphaned ? " (AS AN ORPHAN)" : ""));
        effects.add(new Effect(what, by, orphaned));
        return this;
    }

    // ---- what can be seen

    /**
     * Gives the virtual time, for {@code StepVerifier.withVirtualTime(.., scenario::virtualTime, ..)} and its {@code
     * thenAwait}. The scenario goes on after the verification. Within it, what a member does on workers of Reactor's
     * default schedulers ({@code Flux.interval}, {@code publishOn}) does not stand still while the member is frozen;
     * single tasks ({@code Mono.delay}, {@code timeout}) do.
     */
    public VirtualTimeScheduler virtualTime() {
        return time;
    }

    /** Gives the outcomes of a member, those before the subscription first; ends as its listening does. */
    public Flux<Outcome> outcomes(String member) {
        return of(member).outcomesToCome();
    }

    /** Gives what was noted by {@link #effect}, in order. */
    public List<String> effects() {
        return effects.stream().map(Effect::what).toList();
    }

    /** Gives the client of a member. */
    public MessageClient client(String member) {
        return of(member).client();
    }

    EmbeddedBroker broker() {
        return broker;
    }

    // ---- assertions

    /** Asserts how the runs of a member ended, all of them, in order. */
    @CanIgnoreReturnValue
    public LeaseScenario assertOutcomes(String member, Outcome.Kind... kinds) {
        time.step();
        List<Outcome.Kind> seen =
                of(member).outcomes().stream().map(Outcome::kind).toList();
        return check("the outcomes of " + member, List.of(kinds), seen);
    }

    /** Asserts what was noted by {@link #effect}, all of it, in order: an effect that is there twice was done twice. */
    @CanIgnoreReturnValue
    public LeaseScenario assertEffects(String... whats) {
        time.step();
        return check("the effects", Arrays.asList(whats), effects());
    }

    /** Asserts that no effect was noted twice, and none by an orphan. */
    @CanIgnoreReturnValue
    public LeaseScenario assertEffectsOnce() {
        time.step();
        Set<String> once = new HashSet<>();
        for (Effect effect : effects) {
            if (!once.add(effect.what())) {
                throw failure("each effect once", "'" + effect.what() + "' was done twice, then by " + effect.by());
            }
        }
        requireNoOrphans();
        return this;
    }

    private void requireNoOrphans() {
        List<String> problems = orphanedEffects();
        if (!problems.isEmpty()) {
            throw failure("no effect of an orphan", String.join("; ", problems));
        }
    }

    private List<String> orphanedEffects() {
        return effects.stream()
                .filter(Effect::orphaned)
                .map(effect -> effect.by() + " did '" + effect.what() + "' after it had lost the lease")
                .toList();
    }

    /** Asserts the order in which messages were handed to a member, by their ids; each delivery counts. */
    @CanIgnoreReturnValue
    public LeaseScenario assertDelivered(String member, String... ids) {
        time.step();
        List<String> seen =
                of(member).deliveries().stream().map(HandedOut::name).toList();
        return check("the deliveries to " + member, Arrays.asList(ids), seen);
    }

    /** Asserts the order in which messages were acked, by whichever member, by their ids. */
    @CanIgnoreReturnValue
    public LeaseScenario assertDone(String... ids) {
        time.step();
        return check("what is done", Arrays.asList(ids), done);
    }

    /** Asserts that at this instant no delivery is held, by a member or at the broker, and that no run goes on. */
    @CanIgnoreReturnValue
    public LeaseScenario assertNothingHeld() {
        List<String> held = held();
        if (!held.isEmpty()) {
            throw failure("nothing to be held, and no run to go on", String.join("; ", held));
        }
        return this;
    }

    private LeaseScenario check(String what, List<?> expected, List<?> seen) {
        if (!expected.equals(seen)) {
            throw failure(what + " to be " + expected, "they were " + seen);
        }
        return this;
    }

    private List<String> held() {
        time.step();
        List<String> held = new ArrayList<>();
        for (ScenarioMember member : members.values()) {
            if (member.isFrozen()) {
                held.add(member.name() + " is still frozen");
            } else {
                addHeldBy(member, held);
            }
        }
        for (EmbeddedStats.Group group : broker.stats().groups()) {
            if (group.held() > 0 && !leavesLent) {
                held.add("the broker has lent " + group.held() + " of the group " + group.name());
            }
        }
        return held;
    }

    private void addHeldBy(ScenarioMember member, List<String> held) {
        AtomicReference<@Nullable ClientSnapshot> taken = new AtomicReference<>();
        member.time().run(() -> member.client().snapshot().subscribe(taken::set, member::fault));
        time.step();
        ClientSnapshot snapshot = taken.get();
        if (snapshot == null) {
            held.add(member.name() + " does not answer");
            return;
        }

        for (GroupCounts group : snapshot.groups()) {
            if (!group.held().isEmpty()) {
                held.add(member.name() + " has in hand for the group " + group.group() + ": " + group.held());
            }
        }
        for (HeldReport report : snapshot.held()) {
            held.add(report.about().id() + " is " + report.work().stage() + ", its lease "
                    + report.lease().state() + ", its work " + report.work().step());
        }
    }

    /** Has {@link #close} not mind what is held or runs on at the end, or is frozen. */
    @CanIgnoreReturnValue
    public LeaseScenario leaveHeld() {
        leavesHeld = true;
        return this;
    }

    /** Does not mind what the broker has lent at the end: its holder was told otherwise. */
    void leaveLent() {
        leavesLent = true;
    }

    /**
     * Ends the scenario: closes the members and the broker, and puts Reactor's default schedulers back. Before that
     * asserts that no member is frozen, no delivery is held and no run goes on, unless {@link #leaveHeld} was called,
     * and that nothing was done by an orphan, no assertion failed within a handler and no fault was told. Repeatable.
     *
     * @throws AssertionError when something is left
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }

        closed = true;
        try {
            List<String> problems = new ArrayList<>(leavesHeld ? List.of() : held());
            problems.addAll(orphanedEffects());
            members.values()
                    .forEach(member ->
                            member.faults().forEach(fault -> problems.add(member.name() + " threw " + fault)));
            if (!problems.isEmpty()) {
                throw failure("nothing to be left at the end", String.join("; ", problems));
            }
        } finally {
            end();
        }
    }

    private void end() {
        try {
            members.values().forEach(ScenarioMember::close);
            publisher.close().subscribe(ended -> {}, error -> {});
            time.advanceTimeBy(CLOSING);
            broker.shutdown();
        } finally {
            leave();
        }
    }

    AssertionError failure(String expected, String seen) {
        return history.failure(expected, seen);
    }

    void note(String what) {
        history.note(TEST, what);
    }
}
