package io.leasehold.sample.replay;

import io.leasehold.sample.messaging.QuakePublisher;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;

/** Starts the replay when all else has started, and stops it before anything else stops. */
public final class ReplayLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReplayLifecycle.class);

    private final Replay replay;
    private final QuakePublisher publisher;
    private final AtomicReference<@Nullable Disposable> running = new AtomicReference<>();

    /**
     * Prepares the replay.
     *
     * @param replay what to publish
     * @param publisher the way to the broker
     */
    public ReplayLifecycle(Replay replay, QuakePublisher publisher) {
        this.replay = replay;
        this.publisher = publisher;
    }

    @Override
    public void start() {
        Disposable started = replay.to(publisher)
                .subscribe(nothing -> {}, ReplayLifecycle::failed, () -> log.info("The replay is published"));
        dispose(running.getAndSet(started));
    }

    @Override
    public void stop() {
        dispose(running.getAndSet(null));
    }

    @Override
    public boolean isRunning() {
        return running.get() != null;
    }

    private static void failed(Throwable cause) {
        log.error("The replay stopped early; mend the cause and start the application anew", cause);
    }

    private static void dispose(@Nullable Disposable subscription) {
        if (subscription != null) {
            subscription.dispose();
        }
    }
}
