package io.leasehold.observation;

import io.leasehold.api.Internal;
import io.leasehold.event.CallerContext;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Takes along the thread locals that are known to Micrometer's context propagation: the present observation, and what
 * applications and other libraries have registered there. Needs {@code io.micrometer:context-propagation}.
 */
@Internal
public final class ThreadLocals implements CallerContext {
    private final ContextRegistry registry = ContextRegistry.getInstance();
    private final ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder()
            .contextRegistry(registry)
            .clearMissing(true)
            .build();
    private final ContextSnapshot nothing = snapshots.captureFrom(Context.empty());

    private ThreadLocals() {}

    /**
     * Returns another one and these, where the library is there.
     *
     * @param others what is taken and held in any case
     */
    public static CallerContext with(CallerContext others) {
        try {
            return others.and(new ThreadLocals());
        } catch (NoClassDefFoundError withoutTheLibrary) {
            return others;
        }
    }

    @Override
    public @Nullable Object capture(ContextView context) {
        return context.isEmpty() && isEmpty() ? null : snapshots.captureAll(context);
    }

    @Override
    public Scope enter(@Nullable Object captured) {
        if (captured == null && isEmpty()) {
            return Scope.UNCHANGED;
        }
        ContextSnapshot wanted = captured instanceof ContextSnapshot some ? some : nothing;
        return wanted.setThreadLocals()::close;
    }

    private boolean isEmpty() {
        for (ThreadLocalAccessor<?> accessor : registry.getThreadLocalAccessors()) {
            if (accessor.getValue() != null) {
                return false;
            }
        }
        return true;
    }
}
