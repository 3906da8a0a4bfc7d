package io.leasehold.sample.replay;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Spreads a known number of elements evenly over a time, in small bursts. Whoever falls behind catches up: each burst
 * is due at its own time since the subscription, not some time after the one before.
 *
 * @param duration the time for all of them; zero for as fast as they are taken
 * @param scheduler where the time passes
 */
public record Pace(Duration duration, Scheduler scheduler) {

    private static final Duration BURST = Duration.ofMillis(50);

    /** Refuses a negative time. */
    public Pace {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(
                    "quakedesk.replay.duration: " + duration + " is negative; give 0 or more");
        }
    }

    /**
     * Returns the elements of a source in their order, spread over the time.
     *
     * @param source the elements; asked for one burst ahead at most
     * @param total how many there are
     */
    public <T> Flux<T> spread(Flux<T> source, long total) {
        int burst = burstSize(total);
        return Flux.defer(() -> {
            long start = now();
            return source.buffer(burst)
                    .index()
                    .concatMap(next -> at(start, next.getT1() * burst, total).thenMany(each(next.getT2())), 1);
        });
    }

    private static <T> Flux<T> each(List<T> burst) {
        return Flux.fromIterable(burst);
    }

    private int burstSize(long total) {
        long bursts = Math.max(1, duration.dividedBy(BURST));
        return Math.toIntExact(Math.max(1, (total + bursts - 1) / bursts));
    }

    /** Waits until the element at this position is due. */
    private Mono<Long> at(long start, long position, long total) {
        long dueNanos = (long) ((double) duration.toNanos() * position / total);
        long wait = start + dueNanos - now();
        return wait <= 0 ? Mono.empty() : Mono.delay(Duration.ofNanos(wait), scheduler);
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
