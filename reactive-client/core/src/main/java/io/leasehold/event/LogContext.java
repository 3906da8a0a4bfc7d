package io.leasehold.event;

import io.leasehold.api.Internal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import reactor.util.context.ContextView;

/** What logs say of each line that a thread writes: the mapped diagnostic context of SLF4J. */
@Internal
public final class LogContext implements CallerContext {
    /** It has no state of its own. */
    public static final LogContext INSTANCE = new LogContext();

    private LogContext() {}

    @Override
    public @Nullable Object capture(ContextView context) {
        return present();
    }

    private static @Nullable Map<String, String> present() {
        Map<String, String> values = MDC.getCopyOfContextMap();
        return values == null || values.isEmpty() ? null : values;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Scope enter(@Nullable Object captured) {
        Map<String, String> before = present();
        Map<String, String> wanted = (Map<String, String>) captured;
        if (before == null ? wanted == null : before.equals(wanted)) {
            return Scope.UNCHANGED;
        }
        hold(wanted);
        return () -> hold(before);
    }

    private static void hold(@Nullable Map<String, String> values) {
        if (values == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(values);
        }
    }
}
