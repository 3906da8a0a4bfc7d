package io.leasehold.simulation;

import io.leasehold.MessageClient;
import io.leasehold.consume.Delivery;
import io.leasehold.consume.HoldSettings.NakMode;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.consume.Outcome;
import io.leasehold.lease.SettlementLevel;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishSettings;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The real client of a node, wholly on that node's schedulers, with one consumer that is started again and again. */
final class Instance {
    private static final int CANCEL_THREADS = 8;
    private static final int USER_THREADS = 3;
    private static final long AT_ONCE_NANOS = 50_000_000L;

    private final SimClient owner;
    private final Pipelines pipelines;
    private final MessageClient client;
    private MessageConsumer<String> consumer;
    private SimSubscription<?> consuming;
    private int concurrency;
    private int concurrencyMax;
    private int concurrencyBefore;
    private long configuredAt;

    Instance(SimClient owner) {
        this.owner = owner;
        this.pipelines = new Pipelines(owner);
        SimNode node = owner.node();
        this.client = MessageClient.builder()
                .name(node.name)
                .broker(owner.broker())
                .recorder(owner)
                .logging(false)
                .publishing(PublishSettings.builder()
                        .timeout(Duration.ofNanos(owner.leaseNanos()))
                        .build())
                .timeScheduler(new SimScheduler(node, 1))
                .userScheduler(new SimScheduler(node, USER_THREADS))
                .cancelScheduler(new SimScheduler(node, CANCEL_THREADS))
                .build();
        this.concurrency = owner.plan().consumer().limits().concurrency();
        this.concurrencyMax = concurrency;
        this.consumer = configured(client.consumer(Cluster.TOPIC, Cluster.GROUP, String.class));
        this.consuming = subscribed();
    }

    private MessageConsumer<String> configured(MessageConsumer<String> plain) {
        ConsumerPlan how = owner.plan().consumer();
        ConsumerPlan.Limits limits = how.limits();
        Duration lease = Duration.ofNanos(owner.leaseNanos());
        MessageConsumer<String> made = plain.leaseTime(lease)
                .concurrency(limits.concurrency())
                .maxDeliveries(limits.maxDeliveries())
                .maxHold(Duration.ofNanos(limits.maxHoldNanos()))
                .redelivery(Backoff.builder()
                        .first(lease.dividedBy(20))
                        .max(lease.dividedBy(2))
                        .build())
                .handlerRetry(RetryPolicy.fixed(limits.retries(), lease.dividedBy(10)));
        if (limits.timeoutNanos() > 0) {
            made = made.handlerTimeout(Duration.ofNanos(limits.timeoutNanos()));
        }
        if (how.deadLetters()) {
            made = made.deadLetterTo(Cluster.DEAD);
        }
        if (how.keyed()) {
            made = made.keyed();
        }
        return odd(made, how.oddity());
    }

    private static MessageConsumer<String> odd(MessageConsumer<String> made, ConsumerPlan.Oddity oddity) {
        return switch (oddity) {
            case NONE -> made;
            case PREFETCHES -> made.prefetch(2);
            case SETTLES_WHEN_WRITTEN -> made.settlement(SettlementLevel.WRITTEN);
            case TOUCHES_ON_PROGRESS -> made.touch(TouchMode.PROGRESS);
            case NEVER_TOUCHES -> made.touch(TouchMode.NEVER);
            case NEVER_NAKS -> made.nak(NakMode.RUN_OUT);
        };
    }

    private SimSubscription<?> subscribed() {
        owner.trace("subscribes to its consumer");
        return switch (owner.plan().consumer().style()) {
            case HANDLES -> subscribed(consumer.handle(pipelines::handle));
            case HANDLES_BATCHES ->
                subscribed(consumer.handleBatch(owner.plan().consumer().taking().batch(), pipelines::handleTogether));
            case PIPES_THROUGH -> subscribed(consumer.through(pipelines::pipe));
            case TAKES_DELIVERIES -> {
                SimSubscription<Delivery<String>> taking = new SimSubscription<>(owner) {
                    @Override
                    void take(Delivery<String> delivery) {
                        pipelines.take(delivery, this::askForMore);
                    }
                };
                consumer.deliveries().subscribe(taking);
                yield taking;
            }
        };
    }

    private SimSubscription<Outcome> subscribed(Flux<Outcome> outcomes) {
        SimSubscription<Outcome> hearing = new SimSubscription<>(owner) {
            @Override
            void take(Outcome outcome) {
                owner.outcome(outcome);
                askForMore();
            }
        };
        outcomes.subscribe(hearing);
        return hearing;
    }

    // ---- what its owner does with it

    /** The present subscription, or the last one. */
    SimSubscription<?> consuming() {
        return consuming;
    }

    /** A subscription has ended: sooner or later another one follows. */
    void ended(SimSubscription<?> which) {
        if (which == consuming) {
            owner.userLane().after(1 + owner.world().random().nextLong(owner.leaseNanos() / 4), this::again);
        }
    }

    private void again() {
        if (consuming.isOver() && !owner.isStopping()) {
            consuming = subscribed();
        }
    }

    void pause() {
        owner.trace("pauses its consumer");
        consuming.pausing(true);
        steer(consumer.control().pause());
        owner.stopped(consuming);
    }

    void resume() {
        if (!owner.isStopping()) {
            owner.trace("resumes its consumer");
            consuming.pausing(false);
            steer(consumer.control().resume());
        }
    }

    // Whether anything is subscribed at this moment is by chance.
    private static void steer(Mono<?> control) {
        control.subscribe(done -> {}, notConsumed -> {});
    }

    /** Lets runs finish for so long, then starts anew. */
    void drain(long limitNanos) {
        consuming.draining();
        owner.trace("drains its consumer");
        owner.signals().follow("drain", consumer.control().drain(Duration.ofNanos(limitNanos)));
        owner.stopped(consuming);
    }

    /** Cancels the subscription, then starts anew. */
    void cancel() {
        owner.trace("cancels its subscription");
        consuming.cancel();
        ended(consuming);
    }

    /** Subscribes once more although there is a subscription. */
    void subscribeTwice() {
        boolean mayEndByItself = owner.plan().trouble().counts().purges() > 0 || consuming.mayEndByItself();
        if (consuming.isEnding() || mayEndByItself) {
            return;
        }
        owner.signals()
                .follow(
                        "second subscription",
                        consumer.handle(pipelines::refuse).then());
    }

    /** Applies settings: other ones, or the same. */
    void reconfigure(int newConcurrency) {
        concurrencyMax = Math.max(concurrencyMax, newConcurrency);
        // Of several changes at once, what got its slot before the first may be called after the last.
        concurrencyBefore = concurrencyLately(AT_ONCE_NANOS);
        concurrency = newConcurrency;
        configuredAt = owner.world().now();
        consumer = consumer.concurrency(newConcurrency);
        steer(consumer.control().apply(consumer.settings()));
        owner.trace("is configured anew");
    }

    /** Everything is to be well from now on. */
    void heal() {
        resume();
        consuming.askForAll();
    }

    /** How many runs may be started at once now. */
    int concurrency() {
        return concurrency;
    }

    /** How many that were just now: what got its slot then may be called a little later. */
    int concurrencyLately(long slackNanos) {
        boolean lately =
                owner.world().now() <= Math.max(configuredAt, owner.node().thawedAt()) + slackNanos;
        return lately ? Math.max(concurrency, concurrencyBefore) : concurrency;
    }

    /** How many that were at most. */
    int concurrencyMax() {
        return concurrencyMax;
    }

    Mono<PublishReceipt> publish(Message message) {
        return client.publish(message);
    }

    Mono<Void> close() {
        return client.close();
    }

    /** Whether the last subscription has ended. */
    boolean isOver() {
        return consuming.isOver();
    }
}
