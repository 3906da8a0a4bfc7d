package io.leasehold.observation;

import io.leasehold.pace.StageState;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationView;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Holds the observations that are started and not stopped, by the number that the stage keeps of them. What a handler
 * of the registry throws at the start is kept until the end and thrown there, where it is reported and stops nothing.
 *
 * @param <C> their context
 */
final class OpenObservations<C extends Observation.Context> {
    /** Is the key of {@code ObservationThreadLocalAccessor}, which is in a library of its own. */
    static final String KEY = "micrometer.observation";

    private final Map<Long, Open<C>> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /**
     * Is one that is open.
     *
     * @param context its context
     * @param observation the observation; null when its start failed
     * @param fault why it failed
     */
    record Open<C>(
            C context,
            @Nullable Observation observation,
            @Nullable RuntimeException fault) {}

    /** Starts an observation, unless it is a no-op. */
    void start(StageState kept, C context, Supplier<Observation> make) {
        Open<C> begun = begun(context, make);
        if (begun != null) {
            long number = numbers.incrementAndGet();
            open.put(number, begun);
            kept.state(number);
        }
    }

    private static <C> @Nullable Open<C> begun(C context, Supplier<Observation> make) {
        try {
            Observation observation = make.get();
            return observation.isNoop() ? null : new Open<>(context, observation.start(), null);
        } catch (RuntimeException fault) {
            return new Open<>(context, null, fault);
        }
    }

    /** Returns the one that a stage keeps, while it is open. */
    @Nullable
    Observation of(StageState kept) {
        Open<C> present = kept.state() == 0 ? null : open.get(kept.state());
        return present == null ? null : present.observation();
    }

    /** Takes the one that a stage keeps, to be stopped; throws what its start threw. */
    @Nullable
    Open<C> take(StageState kept) {
        Open<C> present = kept.state() == 0 ? null : open.remove(kept.state());
        kept.state(0);
        if (present != null && present.fault() != null) {
            throw present.fault();
        }
        return present;
    }

    /** Returns the observation in a Reactor context; null when there is none. */
    static @Nullable ObservationView parent(ContextView context) {
        return context.getOrDefault(KEY, null) instanceof ObservationView view ? view : null;
    }

    int size() {
        return open.size();
    }
}
