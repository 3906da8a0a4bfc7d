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
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The real client of a node, wholly on the schedulers of that node, with one consumer. */
final class Instance {
    private static final int CANCEL_THREADS = 8;
    private static final int USER_THREADS = 3;

    private final SimClient owner;
    private final Plan plan;
    private final MessageClient client;
    private final MessageConsumer<String> consumer;
    private final Outcomes outcomes = new Outcomes();

    Instance(SimClient owner, Plan plan) {
        this.owner = owner;
        this.plan = plan;
        SimNode node = owner.node();
        this.client = MessageClient.builder()
                .name(node.name)
                .broker(owner.broker())
                .recorder(owner)
                .publishing(PublishSettings.builder()
                        .timeout(Duration.ofNanos(plan.leaseNanos()))
                        .build())
                .timeScheduler(new SimScheduler(node, 1))
                .userScheduler(new SimScheduler(node, USER_THREADS))
                .cancelScheduler(new SimScheduler(node, CANCEL_THREADS))
                .build();
        this.consumer = configured(client.consumer(Cluster.TOPIC, Cluster.GROUP, String.class));
    }

    private MessageConsumer<String> configured(MessageConsumer<String> plain) {
        Plan.Consumer how = plan.consumer();
        Duration lease = Duration.ofNanos(plan.leaseNanos());
        MessageConsumer<String> made = plain.leaseTime(lease)
                .concurrency(how.concurrency())
                .maxWaiting(how.concurrency())
                .maxDeliveries(how.maxDeliveries())
                .maxHold(Duration.ofNanos(how.maxHoldNanos()))
                .redelivery(new Backoff(lease.dividedBy(20), lease.dividedBy(2), 2, 0.2))
                .handlerRetry(RetryPolicy.fixed(how.retries(), lease.dividedBy(10)));
        if (how.timeoutNanos() > 0) {
            made = made.handlerTimeout(Duration.ofNanos(how.timeoutNanos()));
        }
        if (how.deadLetters()) {
            made = made.deadLetterTo(Cluster.DEAD);
        }
        if (how.keyed()) {
            made = made.keyed();
        }
        return switch (how.oddity()) {
            case NONE -> made;
            case PREFETCHES -> made.prefetch(2);
            case SETTLES_WHEN_WRITTEN -> made.settlement(SettlementLevel.WRITTEN);
            case TOUCHES_ON_PROGRESS -> made.touch(TouchMode.PROGRESS);
            case NEVER_TOUCHES -> made.touch(TouchMode.NEVER);
            case NEVER_NAKS -> made.nak(NakMode.RUN_OUT);
        };
    }

    void start() {
        handled().subscribe(outcomes);
    }

    private Flux<Outcome> handled() {
        return consumer.handle(owner::handle);
    }

    Mono<PublishReceipt> publish(Message message) {
        return client.publish(message);
    }

    Mono<PublishReceipt> publishDerived(Delivery<String> delivery, Message message) {
        return delivery.publish(message);
    }

    Mono<Void> close() {
        return client.close();
    }

    Mono<Void> drain(Duration limit) {
        return consumer.drain(limit);
    }

    /** Whether the outcomes have ended. */
    boolean isOver() {
        return outcomes.over;
    }

    /** Takes all outcomes. */
    private final class Outcomes implements CoreSubscriber<Outcome> {
        private boolean over;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Outcome outcome) {
            if (over) {
                owner.world().violate("P7", "an outcome after the end at " + owner.name());
            }
            owner.outcome(outcome);
        }

        @Override
        public void onError(Throwable error) {
            owner.world().violate("P7", "the outcomes of " + owner.name() + " failed: " + error);
            over = true;
        }

        @Override
        public void onComplete() {
            if (over) {
                owner.world().violate("P7", "the outcomes of " + owner.name() + " ended twice");
            }
            over = true;
        }
    }
}
