package io.leasehold.event;

import io.leasehold.api.Internal;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * What code finds in the thread that it runs on: the present observation, what logs say of the trace, who is logged in.
 * The publishes of many callers are worked off by whichever thread is at it; stages and recorders that it calls must
 * find what their own caller had, and nothing of the thread that is lent to them.
 */
@Internal
public interface CallerContext {
    /** Takes nothing and changes nothing. */
    CallerContext NONE = new CallerContext() {
        @Override
        public @Nullable Object capture(ContextView context) {
            return null;
        }

        @Override
        public Scope enter(@Nullable Object captured) {
            return Scope.UNCHANGED;
        }
    };

    /** While it is open, a thread holds what was captured on another one. */
    interface Scope extends AutoCloseable {
        /** The thread held the same before. */
        Scope UNCHANGED = () -> {};

        /** Gives the thread back what it held. */
        @Override
        void close();
    }

    /** Takes what the calling thread holds, and what a Reactor context has instead; null when that is nothing. */
    @Nullable
    Object capture(ContextView context);

    /** Has the calling thread hold what was captured, and nothing else; null for nothing at all. */
    Scope enter(@Nullable Object captured);

    /** This and another one, as one. */
    default CallerContext and(CallerContext other) {
        CallerContext first = this;
        return new CallerContext() {
            @Override
            public @Nullable Object capture(ContextView context) {
                Object one = first.capture(context);
                Object two = other.capture(context);
                return one == null && two == null ? null : new Both(one, two);
            }

            @Override
            public Scope enter(@Nullable Object captured) {
                Both both = captured instanceof Both pair ? pair : Both.NOTHING;
                Scope outer = first.enter(both.one());
                Scope inner = within(outer, both.two());
                return outer == Scope.UNCHANGED ? inner : () -> closeBoth(inner, outer);
            }

            private Scope within(Scope outer, @Nullable Object captured) {
                try {
                    return other.enter(captured);
                } catch (Throwable broken) {
                    outer.close();
                    throw broken;
                }
            }

            private static void closeBoth(Scope inner, Scope outer) {
                try {
                    inner.close();
                } finally {
                    outer.close();
                }
            }
        };
    }

    /**
     * What two have captured.
     *
     * @param one by the first
     * @param two by the other one
     */
    record Both(@Nullable Object one, @Nullable Object two) {
        private static final Both NOTHING = new Both(null, null);
    }
}
