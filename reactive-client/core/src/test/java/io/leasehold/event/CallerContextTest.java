package io.leasehold.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.event.CallerContext.Both;
import io.leasehold.event.CallerContext.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.util.context.ContextView;

/** A thread that is lent gets back what it held, whatever others throw who take a part in that. */
class CallerContextTest {
    private static final Both OF_A_CALLER = new Both(Map.of("trace", "of the caller"), null);

    @AfterEach
    void clear() {
        MDC.clear();
    }

    /** Throws when it is entered, or when it is left. */
    private record Hostile(boolean atTheEnd) implements CallerContext {
        @Override
        public @Nullable Object capture(ContextView context) {
            return null;
        }

        @Override
        public Scope enter(@Nullable Object captured) {
            if (!atTheEnd) {
                throw new IllegalStateException("at the beginning");
            }
            return () -> {
                throw new IllegalStateException("at the end");
            };
        }
    }

    @Test
    void whatCannotBeEnteredLeavesNothingOfAnotherCallerBehind() {
        MDC.put("trace", "of the lender");
        CallerContext both = LogContext.INSTANCE.and(new Hostile(false));

        assertThatThrownBy(() -> both.enter(OF_A_CALLER)).isInstanceOf(IllegalStateException.class);

        assertThat(MDC.get("trace")).isEqualTo("of the lender");
    }

    @Test
    void whatCannotBeLeftKeepsNothingOfAnotherCaller() {
        MDC.put("trace", "of the lender");
        Scope scope = LogContext.INSTANCE.and(new Hostile(true)).enter(OF_A_CALLER);
        assertThat(MDC.get("trace")).isEqualTo("of the caller");

        assertThatThrownBy(scope::close).isInstanceOf(IllegalStateException.class);

        assertThat(MDC.get("trace")).isEqualTo("of the lender");
    }
}
