package io.leasehold.observation;

import io.leasehold.consume.ConsumeStage;
import io.leasehold.consume.ConsumeView;
import io.leasehold.consume.Outcome;
import io.leasehold.pace.StageAnswer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** Observes runs. */
final class ProcessStage implements ConsumeStage {
    private static final ProcessObservationConvention DEFAULT = new DefaultProcessObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable ProcessObservationConvention convention;
    private final String system;
    private final OpenObservations<ProcessContext> open = new OpenObservations<>();

    ProcessStage(ObservationRegistry registry, @Nullable ProcessObservationConvention convention, String system) {
        this.registry = registry;
        this.convention = convention;
        this.system = system;
    }

    @Override
    public StageAnswer enter(ConsumeView view, long now) {
        if (!registry.isNoop()) {
            start(view);
        }
        return StageAnswer.PROCEED;
    }

    private void start(ConsumeView view) {
        ProcessContext context = new ProcessContext(view, system);
        open.start(
                view,
                context,
                () -> LeaseholdObservations.PROCESS.observation(convention, DEFAULT, () -> context, registry));

        Observation started = open.of(view);
        if (started != null && view.deliveryCount() > 1) {
            started.event(LeaseholdObservations.Event.REDELIVERED);
        }
    }

    @Override
    public Context context(ConsumeView view, Context given) {
        Observation present = open.of(view);
        return present == null ? given : given.put(OpenObservations.KEY, present);
    }

    @Override
    public void exit(ConsumeView view, Outcome.Kind outcome, long now) {
        OpenObservations.Open<ProcessContext> over = open.take(view);
        Observation observation = over == null ? null : over.observation();
        if (over == null || observation == null) {
            return;
        }

        over.context().end(outcome, view.failure());
        if (outcome == Outcome.Kind.LOST) {
            observation.event(LeaseholdObservations.Event.LOST);
        }
        Throwable error = view.error();
        if (error != null) {
            observation.error(error);
        }

        observation.stop();
    }
}
