package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClient;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import reactor.core.publisher.Flux;

/**
 * Where it must not start without a broker, waits for the first connection, before the web server starts. Closes the
 * clients when the application context is closed: after the web server has stopped, whose last requests may
 * still publish. A context that only pauses or is stopped to be started again keeps its clients.
 */
final class ClientLifecycle
        implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware {
    /** Below the phase in which the web server starts and stops ({@code DEFAULT_PHASE - 2048}). */
    static final int PHASE = DEFAULT_PHASE - 3072;

    private static final Logger log = LoggerFactory.getLogger(ClientLifecycle.class);

    private final List<Started> clients;
    private final Duration limit;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile @Nullable ApplicationContext context;
    private volatile boolean closing;

    /**
     * Makes the lifecycle of all clients.
     *
     * @param limit how long runs may still take at the end
     */
    ClientLifecycle(List<Started> clients, Duration limit) {
        this.clients = List.copyOf(clients);
        this.limit = limit;
    }

    /**
     * A client, and how long the start waits for it.
     *
     * @param limits how long the start waits for the first connection, and ends without one; null to go on
     */
    record Started(MessageClient client, @Nullable StartLimits limits) {}

    @Override
    public void setApplicationContext(ApplicationContext applicationContext) {
        context = applicationContext;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == context) {
            closing = true;
        }
    }

    @Override
    public void start() {
        for (Started started : clients) {
            StartLimits limits = started.limits();
            if (limits != null) {
                StartupBarrier.await(
                        started.client().ready(), limits.connect(), () -> unreachable(started.client(), limits));
            }
        }
        running.set(true);
    }

    private static MessagingException unreachable(MessageClient client, StartLimits limits) {
        return new MessagingException(
                ErrorCode.DISCONNECTED,
                "no server could be connected to within " + limits.connect(),
                "the client " + client.name(),
                "see whether the address of its broker is right, and whether the server can be reached");
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running.set(false);
        if (!closing) {
            callback.run();
            return;
        }

        Flux.fromIterable(clients)
                .flatMapDelayError(one -> one.client().closeGracefully(limit), Integer.MAX_VALUE, 1)
                .doFinally(signal -> callback.run())
                .subscribe(nothing -> {}, error -> log.warn("A client did not close in order", error));
    }

    @Override
    public boolean isRunning() {
        return running.get();
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
