package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.pace.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a client is called unhealthy. The indicator itself is switched by {@code management.health.leasehold.enabled};
 * put {@code leasehold} into {@code management.endpoint.health.group.readiness.include} where an instance that cannot
 * work shall get no requests, and never into that of liveness: a restart heals no broker.
 *
 * @param stuckAfter for how long nothing of a group may have begun or been settled here while messages wait for it, and
 *     slots are free or held by work that ignores its end; the longer of two lease times and a minute if not set
 */
public record HealthProperties(@Nullable Duration stuckAfter) {

    /**
     * Tries it on the settings of the core.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} naming the property
     */
    public HealthProperties {
        Refusals.check("stuck-after", stuckAfter, value -> Backoff.builder().first(value));
    }
}
