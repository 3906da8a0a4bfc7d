package io.leasehold;

import java.io.IOException;
import java.util.function.Supplier;

/** What user code may throw: one of each sort that Reactor, or the JVM, treats in a way of its own. */
public enum Thrown {
    CHECKED(() -> new IOException("checked"), false),
    RUNTIME(() -> new IllegalStateException("runtime"), false),
    ASSERTION(() -> new AssertionError("assertion"), false),
    INTERRUPT(() -> new InterruptedException("interrupt"), false),
    MEMORY(() -> new OutOfMemoryError("memory"), true),
    STACK(() -> new StackOverflowError("stack"), true),
    INTERNAL(() -> new InternalError("internal"), true),
    THREAD_DEATH(Thrown::threadDeath, true),
    LINKAGE(() -> new NoClassDefFoundError("linkage"), true),
    INITIALIZER(() -> new ExceptionInInitializerError("initializer"), true);

    private final Supplier<Throwable> made;
    private final boolean fatal;

    Thrown(Supplier<Throwable> made, boolean fatal) {
        this.made = made;
        this.fatal = fatal;
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static Throwable threadDeath() {
        return new ThreadDeath();
    }

    /** Whether Reactor throws it on instead of signalling it. */
    public boolean isFatal() {
        return fatal;
    }

    public Throwable make() {
        return made.get();
    }

    /** Throws it, declared or not. */
    public <R> R raise() {
        throw Thrown.<RuntimeException>asItIs(make());
    }

    /** Whether this is it, as it is or as the cause of what is told. */
    public boolean isIn(Throwable told) {
        Throwable error = told;
        while (error != null && error.getClass() != make().getClass()) {
            error = error.getCause();
        }
        return error != null;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }
}
