package io.leasehold.spring.boot.listener;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.spring.boot.autoconfigure.ClientLookup;
import io.leasehold.spring.boot.autoconfigure.Refusals;
import io.leasehold.spring.boot.autoconfigure.StartLimits;
import io.leasehold.spring.boot.autoconfigure.StartupBarrier;
import java.time.Duration;
import java.util.List;
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
    private final ClientLookup clients;
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * Makes the lifecycle of all listeners.
     *
     * @param phaseTimeout how long Spring waits for them to stop
     * @param clients say how long the start waits until the broker of each has taken its listeners, and ends with what
     *     it refuses
     */
    ListenerLifecycle(ListenerRegistry registry, Duration phaseTimeout, ClientLookup clients) {
        this.registry = registry;
        this.phaseTimeout = phaseTimeout;
        this.clients = clients;
    }

    @Override
    public void start() {
        running.set(true);
        List<ListenerRunner> started = registry.runners().stream()
                .filter(runner -> runner.listener().autoStart())
                .toList();
        started.forEach(runner -> {
            warnIfDrainOutlastsPhase(runner.listener());
            runner.start();
        });
        for (ListenerRunner runner : started) {
            StartLimits limits = clients.startLimits(runner.listener().clientBean());
            if (limits != null) {
                requireBegun(runner, limits.begin());
            }
        }
    }

    // They begin at the same time; each is waited for in its turn.
    private void requireBegun(ListenerRunner runner, Duration within) {
        String where = runner.listener().where();
        try {
            StartupBarrier.await(
                    runner.begun(),
                    within,
                    () -> new MessagingException(
                            ErrorCode.UNKNOWN,
                            "the broker did not say within " + within + " whether the listener may begin",
                            where,
                            "see what the broker is busy with, or raise the limit of its requests"));
        } catch (MessagingException refused) {
            throw Refusals.within(where, clients.saidOf(runner.listener().clientBean(), refused));
        }
    }

    private void warnIfDrainOutlastsPhase(Listener listener) {
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
