package io.leasehold.publish;

import io.leasehold.pace.Span;
import java.time.Duration;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The end of a window: begun once or more, the earliest limit counts, completed once. */
final class Closing implements Signal {
    private final Sinks.Empty<Void> done = Sinks.empty();
    private final SignalQueue signals;
    private boolean begun;
    private boolean complete;
    private long due;

    Closing(SignalQueue signals) {
        this.signals = signals;
    }

    Mono<Void> done() {
        return done.asMono();
    }

    /** Nothing is begun any more; what is open ends at the limit. */
    void begin(long limit) {
        due = begun && due - limit < 0 ? due : limit;
        begun = true;
    }

    boolean isBegun() {
        return begun;
    }

    boolean isDue(long now) {
        return begun && due - now <= 0;
    }

    /** The limit; meaningless before it is begun. */
    long due() {
        return due;
    }

    /** Nothing is open any more. */
    void complete() {
        if (!complete) {
            complete = true;
            signals.add(this);
        }
    }

    @Override
    public Executor where() {
        return signals.ofUser();
    }

    @Override
    public void run() {
        signals.end();
        done.tryEmitEmpty();
    }

    /** Asks the window to close. */
    static final class Begin extends WindowStep {
        private final long limitNanos;

        Begin(Duration limit) {
            this.limitNanos = Span.nanos(limit);
        }

        @Override
        void takeTurn(PublishWindow window) {
            window.beginClosing(limitNanos);
        }
    }
}
