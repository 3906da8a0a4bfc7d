package io.leasehold.sample.assessment;

import io.leasehold.sample.quake.Quake;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The usual workload: none for most earthquakes, a moment for strong ones (magnitude 5.5 and more), and for great ones
 * (7 and more) a time that grows tenfold over two magnitudes, as the length of a fault to be modelled does:
 * {@code great * 10^((M - 7) / 2)}. No thread waits for it.
 */
public final class AssessmentTime implements Workload {

    private static final double STRONG_MAGNITUDE = 5.5;
    private static final double GREAT_MAGNITUDE = 7;

    private final Duration strong;
    private final Duration great;
    private final Scheduler scheduler;

    /**
     * Sets the times.
     *
     * @param strong the time for magnitudes from 5.5 to below 7
     * @param great the time for magnitude 7
     * @param scheduler where the time passes
     */
    public AssessmentTime(Duration strong, Duration great, Scheduler scheduler) {
        this.strong = notNegative("strong", strong);
        this.great = notNegative("great", great);
        this.scheduler = scheduler;
    }

    @Override
    public Mono<Void> of(Quake quake) {
        Duration time = timeFor(quake.magnitude().value());
        return time.isZero() ? Mono.empty() : Mono.delay(time, scheduler).then();
    }

    Duration timeFor(double magnitude) {
        if (magnitude < STRONG_MAGNITUDE) {
            return Duration.ZERO;
        }
        if (magnitude < GREAT_MAGNITUDE) {
            return strong;
        }
        double growth = StrictMath.pow(10, (magnitude - GREAT_MAGNITUDE) / 2);
        return Duration.ofMillis(Math.round(great.toMillis() * growth));
    }

    private static Duration notNegative(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(
                    "quakedesk.assessment." + name + ": " + time + " is negative; give 0 or more");
        }
        return time;
    }
}
