package io.leasehold.consume;

import io.leasehold.api.Internal;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.BodyType;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The consumers of one client: one dispatcher per group, which outlives the subscriptions of its consumers as long as
 * anything of them is held.
 */
@Internal
public final class Consumers {
    private final ConsumeContext context;
    private final Map<String, Dispatcher<?>> dispatchers = new ConcurrentHashMap<>();
    private final GroupNames names = new GroupNames();
    private final RedeliveryMemory memory = new RedeliveryMemory();
    private final GivenUpLetters letters = new GivenUpLetters();
    private volatile boolean closed;

    /** Makes the consumers of a client. */
    public Consumers(ConsumeContext context) {
        this.context = context;
    }

    /**
     * Makes a consumer with default settings.
     *
     * @throws MessagingException {@link ErrorCode#BAD_TOPIC}, {@link ErrorCode#BAD_SETTING} for the group's name
     */
    public <T> MessageConsumer<T> consumer(String filter, String group, BodyType<T> type) {
        requireGroup(group);
        names.add(group);
        ConsumerSpec<T> spec = new ConsumerSpec<>(
                TopicFilter.of(filter),
                group,
                type,
                StartPosition.EARLIEST,
                null,
                null,
                error -> true,
                ConsumeSettings.defaults(),
                null,
                ConsumerSpec.Said.ALL);

        return new MessageConsumer<>(this, spec);
    }

    /**
     * Puts dead letters back to where they came from.
     *
     * @throws MessagingException {@link ErrorCode#BAD_TOPIC}, {@link ErrorCode#BAD_SETTING}
     */
    public Flux<Redriven> redrive(String filter, int limit, int perSecond) {
        return new Redrive(this, TopicFilter.of(filter).toString(), limit, perSecond, context).run();
    }

    private static void requireGroup(String group) {
        boolean good = !group.isEmpty() && group.length() <= 128 && group.matches("[A-Za-z0-9_-]+");
        if (!good) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a group's name is empty, too long, or holds a character other than A-Z a-z 0-9 _ -",
                    "group '" + group.replaceAll("[^ -~]", "?") + "'",
                    "choose a name like assessors");
        }
    }

    /** Finishes all runs within a limit, cancels the rest; afterwards no consumer starts any more. Repeatable. */
    public Mono<Void> close(Duration limit) {
        return Mono.defer(() -> {
            closed = true;
            return Flux.fromIterable(dispatchers.values())
                    .flatMap(dispatcher -> drain(dispatcher, limit))
                    .then();
        });
    }

    /**
     * Ends the dead letters of messages that brokers have given up, which no subscription ends: waits for those that
     * are open up to a limit, and tells the rest as {@code DEAD_LETTER_FAILED}. Before publishing is closed.
     */
    public Mono<Void> endLetters(Duration limit) {
        return letters.close(limit, context.time());
    }

    /**
     * Inspects what every group holds, each asked in its own turn: nothing waits.
     */
    public Flux<GroupHoldings> inspect() {
        return Flux.fromIterable(dispatchers.values()).flatMap(Dispatcher::inspect);
    }

    /** Says how many messages wait at the broker, by the groups that are consumed and of which it can tell. */
    public Mono<Map<String, Long>> backlogs() {
        return Flux.fromIterable(dispatchers.values())
                .flatMap(dispatcher -> active(dispatcher)
                        .flatMap(Consumption::backlog)
                        .map(waiting -> Map.entry(dispatcher.name(), waiting)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Mono<Consumption<?>> active(Dispatcher<?> dispatcher) {
        return Mono.create(found -> dispatcher.execute(() -> found.success(dispatcher.active())));
    }

    /** Drains what is active of a group, for a user; errors for a group that this client never had a consumer of. */
    Mono<Void> drain(String group, Duration limit) {
        return forUser(Mono.defer(() -> {
            Dispatcher<?> present = present(group);
            if (present != null) {
                return drain(present, limit);
            }
            return names.has(group) ? Mono.empty() : Mono.error(notConsumed(group));
        }));
    }

    // A dispatcher's line serves all that is delivered, on any thread: what stands behind a signal must not run in it.
    private <V> Mono<V> forUser(Mono<V> signal) {
        return signal.materialize()
                .flatMap(end -> context.keeper().cancels().told(end))
                .dematerialize();
    }

    private static Mono<Void> drain(Dispatcher<?> dispatcher, Duration limit) {
        return active(dispatcher).flatMap(consumption -> consumption.drain(limit));
    }

    /** Completes when what is active of a group has begun; errors when nothing is. */
    Mono<Void> begun(String group) {
        return forUser(Mono.defer(() -> {
            Dispatcher<?> present = present(group);
            return present == null ? Mono.error(notConsumed(group)) : begun(present);
        }));
    }

    private Mono<Void> begun(Dispatcher<?> dispatcher) {
        return active(dispatcher)
                .switchIfEmpty(Mono.error(() -> notConsumed(dispatcher.name())))
                .flatMap(Consumption::begunOnce);
    }

    /** Does something to what is active of a group, in its line, and gives the answer to a user. */
    <V> Mono<V> steered(String group, Function<Consumption<?>, V> step) {
        return forUser(Mono.create(told -> {
            Dispatcher<?> present = present(group);
            if (present == null) {
                told.error(notConsumed(group));
            } else {
                present.execute(() -> answer(told, present, step));
            }
        }));
    }

    private <V> void answer(MonoSink<V> told, Dispatcher<?> dispatcher, Function<Consumption<?>, V> step) {
        Consumption<?> active = dispatcher.active();
        if (active == null) {
            told.error(notConsumed(dispatcher.name()));
            return;
        }

        try {
            told.success(step.apply(active));
        } catch (MessagingException refused) {
            told.error(refused);
        } catch (RuntimeException thrown) {
            // By a broker: whoever steers hears of it, and so does whoever hears of faults.
            told.error(thrown);
            throw thrown;
        }
    }

    /** Counts what is held of a group; errors when nothing is, and it is not consumed. */
    Mono<GroupCounts> counts(String group) {
        return forUser(Mono.defer(() -> {
            Dispatcher<?> present = present(group);
            return present == null
                    ? Mono.error(notConsumed(group))
                    : present.inspect().map(GroupHoldings::counts);
        }));
    }

    /**
     * The control of a group.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} for its name
     */
    public GroupControl group(String group) {
        requireGroup(group);
        return new GroupControl(this, group);
    }

    private MessagingException notConsumed(String name) {
        return names.has(name)
                ? notSubscribed(name)
                : notConsumed(name, "this client has no such group; it has " + names);
    }

    /** Says that nothing of a known group is subscribed. */
    static MessagingException notSubscribed(String name) {
        return notConsumed(name, "nothing of this group is consumed here at this moment");
    }

    private static MessagingException notConsumed(String name, String what) {
        return new MessagingException(
                ErrorCode.NOT_CONSUMED,
                what,
                "group " + name,
                "subscribe to a consumer of the group first, and see that the name is right");
    }

    /**
     * Gives the dispatcher of a group, for one more subscription; it stays until as many have {@link #left}. There is
     * one per group: whoever names the group with another type or filter shares its slots and its registry.
     */
    @SuppressWarnings("unchecked")
    <T> Dispatcher<T> entered(ConsumerSpec<T> spec) {
        requireOpen(spec.group());
        return (Dispatcher<T>) dispatchers.compute(spec.group(), (group, present) -> {
            Dispatcher<?> dispatcher = present == null ? made(group) : present;
            dispatcher.entered();
            return dispatcher;
        });
    }

    /** Forgets what is known of the messages of a group, which was deleted. */
    public void forget(String group) {
        memory.forget(group);
    }

    /** Gives what is known of messages between their deliveries. */
    RedeliveryMemory memory() {
        return memory;
    }

    /** Gives whoever publishes the letters of what brokers have given up. */
    GivenUpLetters letters() {
        return letters;
    }

    private Dispatcher<?> made(String group) {
        return new Dispatcher<>(context, group, this::left);
    }

    // So many subscriptions have ended and nothing of them is held.
    private void left(Dispatcher<?> dispatcher, int subscriptions) {
        dispatchers.computeIfPresent(
                dispatcher.name(), (group, present) -> dispatcher.left(subscriptions) ? null : present);
    }

    /** Gives the dispatcher of a group that is consumed, or of which something is held; else null. */
    @Nullable
    Dispatcher<?> present(String group) {
        requireOpen(group);
        return dispatchers.get(group);
    }

    private void requireOpen(String group) {
        if (closed) {
            throw new MessagingException(
                    ErrorCode.CLOSED, "the client is closed", group, "build a new client to go on consuming");
        }
    }

    Iterable<Dispatcher<?>> dispatchers() {
        return dispatchers.values();
    }
}
