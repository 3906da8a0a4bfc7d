package io.leasehold.spring.boot.health;

import io.leasehold.MessageClient;
import io.leasehold.consume.DeliveryStage;
import io.leasehold.consume.GroupCounts;
import io.leasehold.diagnostics.ClientSnapshot;
import io.leasehold.spring.boot.listener.ListenerStatus;
import io.leasehold.spring.boot.listener.ListenerStatus.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/**
 * Whether a client can do its work: the broker is reachable, no listener has failed or waits to begin again, and what
 * waits at the broker is being worked on. Long runs whose leases are held are shown, and are no reason to be DOWN.
 * Answers within a second.
 */
final class ClientHealthIndicator implements ReactiveHealthIndicator {
    private static final Duration LIMIT = Duration.ofMillis(900);
    private static final Duration BROKER_LIMIT = Duration.ofMillis(400);
    private static final Duration STUCK_AFTER_MIN = Duration.ofSeconds(60);

    private final MessageClient client;
    private final Supplier<Collection<ListenerStatus>> listeners;
    private final @Nullable Duration stuckAfter;

    /**
     * Makes the health of a client.
     *
     * @param listeners how its listeners are
     * @param stuckAfter for how long a group may stand still while messages wait; null for the usual time
     */
    ClientHealthIndicator(
            MessageClient client, Supplier<Collection<ListenerStatus>> listeners, @Nullable Duration stuckAfter) {
        this.client = client;
        this.listeners = listeners;
        this.stuckAfter = stuckAfter;
    }

    @Override
    public Mono<Health> health() {
        return client.snapshot(1, null)
                .flatMap(this::judged)
                .timeout(LIMIT, Mono.fromSupplier(this::silent))
                .onErrorResume(error -> Mono.just(Health.down(error).build()));
    }

    private Health silent() {
        return Health.down()
                .withDetail("problems", List.of("the client does not answer: the threads of user code are blocked"))
                .build();
    }

    /** Judges a snapshot. Asks the broker only about groups that seem to stand still, and looks at them again then. */
    private Mono<Health> judged(ClientSnapshot seen) {
        if (!seen.broker().reachable() || seen.groups().stream().noneMatch(this::standsStill)) {
            return Mono.just(health(seen, Map.of()));
        }
        return client.backlogs()
                .timeout(BROKER_LIMIT, Mono.just(Map.of()))
                .flatMap(waiting -> client.snapshot(1, null).map(again -> health(again, waiting)));
    }

    // What waits for its key leaves slots free: it waits for a run that may be a long one.
    private boolean standsStill(GroupCounts group) {
        int started = group.count(DeliveryStage.STARTED) + group.count(DeliveryStage.ORPHAN);
        boolean slotsFree = started < group.limit() && group.count(DeliveryStage.LANE) == 0;
        boolean allStuck = started > 0 && group.stuck() >= started;
        return group.taking() && (slotsFree || allStuck) && group.idle().compareTo(stuckAfter(group)) >= 0;
    }

    private Duration stuckAfter(GroupCounts group) {
        Duration chosen = stuckAfter;
        if (chosen != null) {
            return chosen;
        }
        Duration twoLeases = group.leaseTime().multipliedBy(2);
        return twoLeases.compareTo(STUCK_AFTER_MIN) > 0 ? twoLeases : STUCK_AFTER_MIN;
    }

    private Health health(ClientSnapshot seen, Map<String, Long> waiting) {
        List<String> problems = new ArrayList<>();
        if (!seen.broker().reachable()) {
            problems.add("the broker cannot be reached");
        }
        Collection<ListenerStatus> statuses = listeners.get();
        statuses.forEach(listener -> addProblem(listener, problems));
        seen.groups().forEach(group -> addProblem(group, waiting.getOrDefault(group.group(), 0L), problems));
        Health.Builder health = problems.isEmpty() ? Health.up() : Health.down();
        if (!problems.isEmpty()) {
            health.withDetail("problems", problems);
        }
        health.withDetail("broker", seen.broker().reachable() ? "reachable" : "unreachable");
        if (!seen.broker().remarks().isEmpty()) {
            health.withDetail("remarks", seen.broker().remarks());
        }
        Map<String, Object> phases = new LinkedHashMap<>();
        statuses.forEach(listener -> phases.put(listener.id(), listener.phase()));
        Map<String, Object> groups = new LinkedHashMap<>();
        seen.groups().forEach(group -> groups.put(group.group(), details(group)));

        return health.withDetail("listeners", phases)
                .withDetail("groups", groups)
                .build();
    }

    private static void addProblem(ListenerStatus listener, List<String> problems) {
        if (listener.phase() == Phase.FAILED || listener.phase() == Phase.RETRYING) {
            String again = listener.phase() == Phase.RETRYING ? " and begins again later" : "";
            problems.add("listener " + listener.id() + " ended with " + listener.code() + again);
        }
    }

    private void addProblem(GroupCounts group, long waiting, List<String> problems) {
        if (waiting > 0 && standsStill(group)) {
            problems.add(waiting + " messages wait for group " + group.group()
                    + ", and nothing of it was settled here for " + group.idle().toSeconds() + " s");
        }
    }

    private static Map<String, Object> details(GroupCounts group) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("taking", group.taking());
        details.put("limit", group.limit());
        details.put("running", group.count(DeliveryStage.STARTED));
        details.put("orphans", group.count(DeliveryStage.ORPHAN));
        details.put("takenLong", group.stalled());
        details.put("stuck", group.stuck());
        details.put("idleSeconds", group.idle().toSeconds());

        return details;
    }
}
