package io.leasehold.consume;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Virtual threads of JDK 21 and later, found by reflection: the sources are for 17. */
final class VirtualThreads {
    private VirtualThreads() {}

    /** Makes threads whose names begin so; null where the JDK has no virtual threads, or only as a preview. */
    static @Nullable ThreadFactory named(String prefix) {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Object virtual = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named = builder.getMethod("name", String.class, long.class).invoke(virtual, prefix, 1L);
            return (ThreadFactory) builder.getMethod("factory").invoke(named);
        } catch (ReflectiveOperationException none) {
            return null;
        }
    }
}
