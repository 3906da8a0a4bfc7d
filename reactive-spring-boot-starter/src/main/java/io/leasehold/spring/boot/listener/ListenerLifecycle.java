package io.leasehold.spring.boot.listener;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts listeners when the web server takes requests, and stops them before it begins to stop: what their runs need
 * is still there while they finish. Stopping does not block.
 */
final class ListenerLifecycle implements SmartLifecycle {
    /** Above the phase in which the web server begins to stop gracefully ({@code DEFAULT_PHASE - 1024}). */
    static final int PHASE = DEFAULT_PHASE - 100;

    private static final Logger log = LoggerFactory.getLogger(ListenerLifecycle.class);

    private final ListenerRegistry registry;
    private final Duration phaseTimeout;
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * The lifecycle of all listeners.
     *
     * @param phaseTimeout how long Spring waits for them to stop
     */
    ListenerLifecycle(ListenerRegistry registry, Duration phaseTimeout) {
        this.registry = registry;
        this.phaseTimeout = phaseTimeout;
    }

    @Override
    public void start() {
        running.set(true);
        for (ListenerRunner runner : registry.runners()) {
            if (runner.listener().autoStart()) {
                warnIfHurried(runner.listener());
                runner.start();
            }
        }
    }

    private void warnIfHurried(Listener listener) {
        if (listener.drainTimeout().compareTo(phaseTimeout) >= 0) {
            log.warn(
                    "Listener {} may take {} to stop, but spring.lifecycle.timeout-per-shutdown-phase is {}:"
                            + " lower leasehold.consumer.drain-timeout or raise the other",
                    listener.id(),
                    listener.drainTimeout(),
                    phaseTimeout);
        }
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running.set(false);
        registry.stopAll()
                .doFinally(signal -> callback.run())
                .subscribe(nothing -> {}, error -> log.warn("Listeners did not stop in order", error));
    }

    @Override
    public boolean isRunning() {
        return running.get();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
