package io.leasehold;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What ends at the uncaught-exception handlers of threads while a test runs. Not what ends the threads of blocking
 * handlers: where these come from a pool, its own handler takes it, and a virtual one may end during the next test.
 */
public final class Uncaught implements BeforeEachCallback, AfterEachCallback {
    private static final String BLOCKING = "leasehold-assessors";

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private Thread.UncaughtExceptionHandler before;

    /** All so far; a live list. */
    public List<Throwable> errors() {
        return errors;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            if (!thread.getName().startsWith(BLOCKING)) {
                errors.add(error);
            }
        });
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }
}
