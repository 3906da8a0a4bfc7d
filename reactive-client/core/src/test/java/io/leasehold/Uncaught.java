package io.leasehold;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What ends at the uncaught-exception handlers of threads while a test runs. */
public final class Uncaught implements BeforeEachCallback, AfterEachCallback {
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private Thread.UncaughtExceptionHandler before;

    /** All so far; a live list. */
    public List<Throwable> errors() {
        return errors;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> errors.add(error));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }
}
