package io.leasehold.observation;

import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PublishOutcome;
import io.leasehold.publish.PublishStage;
import io.leasehold.publish.PublishView;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** Observes publishes. */
final class SendStage implements PublishStage {
    private static final SendObservationConvention DEFAULT = new DefaultSendObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable SendObservationConvention convention;
    private final SendContext.Peer peer;
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final OpenObservations<SendContext> open = new OpenObservations<>();

    SendStage(ObservationRegistry registry, @Nullable SendObservationConvention convention, SendContext.Peer peer) {
        this.registry = registry;
        this.convention = convention;
        this.peer = peer;
    }

    // The parent is that of the subscriber's thread, where its context has none: known only there.
    @Override
    public Context capture(Context given) {
        Observation present =
                registry.isNoop() || OpenObservations.parent(given) != null ? null : registry.getCurrentObservation();
        return present == null ? given : given.put(OpenObservations.KEY, present);
    }

    @Override
    public StageAnswer enter(PublishView view, long now) {
        if (!registry.isNoop()) {
            start(view);
        }
        return StageAnswer.PROCEED;
    }

    private void start(PublishView view) {
        SendContext context = new SendContext(view, destination(view.message().topic()), peer);
        ObservationView parent = OpenObservations.parent(view.context());
        if (parent != null) {
            context.setParentObservation(parent);
        }

        Observation.Scope lent = registry.getCurrentObservationScope();
        registry.setCurrentObservationScope(null);
        try {
            open.start(
                    view,
                    context,
                    () -> LeaseholdObservations.SEND.observation(convention, DEFAULT, () -> context, registry));
        } finally {
            registry.setCurrentObservationScope(lent);
        }

        context.started();
    }

    private String destination(String topic) {
        if (topics.contains(topic)) {
            return topic;
        }
        boolean room = topics.size() < MeterRecorder.TOPICS_MAX && topics.add(topic);
        return room || topics.contains(topic) ? topic : MeterRecorder.OTHER;
    }

    @Override
    public void exit(PublishView view, PublishOutcome outcome, long now) {
        OpenObservations.Open<SendContext> over = open.take(view);
        Observation observation = over == null ? null : over.observation();
        if (over == null || observation == null) {
            return;
        }

        over.context().end(outcome, view.failure());
        Throwable error = view.error();
        if (error != null) {
            observation.error(error);
        }

        observation.stop();
    }
}
