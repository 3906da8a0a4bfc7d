package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** What can be done with several deliveries of one consumer. */
@CheckReturnValue
public final class Deliveries {
    private Deliveries() {}

    /**
     * Does one piece of work under the leases of several deliveries, and settles each by how it ends: completion acks
     * those that were not settled meanwhile, an error treats each as failed. It is never done again in this process,
     * for it cannot be done for one of them alone. When the lease of one is lost the work is cancelled, or not
     * subscribed when it was lost before, and the others are given back once it has ended. Lazy; may be subscribed
     * once. Emits an outcome per delivery, in the order of the list; errors only on misuse.
     */
    public static <T> Flux<Outcome> settleBy(List<? extends Delivery<T>> deliveries, Publisher<?> work) {
        if (deliveries.isEmpty()) {
            return Flux.empty();
        }
        return Flux.deferContextual(downstream -> begin(
                held(deliveries), Flux.from(work).contextWrite(ContextPropagation.forWork(Context.of(downstream)))));
    }

    @SuppressWarnings("unchecked")
    private static <T> List<HeldDelivery<T>> held(List<? extends Delivery<T>> deliveries) {
        List<HeldDelivery<T>> held = new ArrayList<>(deliveries.size());
        deliveries.forEach(delivery -> held.add((HeldDelivery<T>) delivery));
        return held;
    }

    private static <T> Flux<Outcome> begin(List<HeldDelivery<T>> members, Publisher<?> work) {
        List<Mono<Outcome>> outcomes = new ArrayList<>(members.size());
        for (HeldDelivery<T> member : members) {
            Run.Told<T> run = new Run.Told<>(member, same -> work, false);
            if (!member.attach(run)) {
                members.subList(0, outcomes.size()).forEach(HeldDelivery::detach);
                return Flux.error(attachedAlready(member));
            }
            outcomes.add(Mono.<Outcome>create(run::tell).cache());
        }

        RunContext<T> context = members.get(0).context();
        BatchRun<T> batch = new BatchRun<>(context, members, all -> work, BatchRun.AfterFailure.DECIDE, false, false);
        Execution execution = batch.nextTry();
        outcomes.forEach(Mono::subscribe);

        return Flux.concat(outcomes)
                .doOnSubscribe(ignored -> execution.run())
                .doOnCancel(() -> execution.cancel(members.get(0).cancelledByPipeline()));
    }

    private static MessagingException attachedAlready(HeldDelivery<?> delivery) {
        return new MessagingException(
                ErrorCode.ALREADY_SETTLED,
                "work is attached to the delivery already",
                delivery.group() + ", " + delivery.message(),
                "call settleBy once per delivery, and subscribe it once");
    }
}
