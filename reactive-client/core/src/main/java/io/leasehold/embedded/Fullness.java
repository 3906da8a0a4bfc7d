package io.leasehold.embedded;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody may still make room in a full broker, and if not, whose messages fill it. Confined to the broker's
 * turn, but for the remark.
 *
 * <pre>
 *   nobody consumes the groups that have all there is ───────────────► stuck, at once
 *   publishes wait and no room was made for a while ─────────────────► stuck, until room is made
 * </pre>
 */
final class Fullness {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long NEVER = -1;

    private final Exchange exchange;
    private final Runnable onStuck;
    private final Look look = new Look();
    private long freedAtLook;
    private long freedWhenStuck = NEVER;

    /** Calls back when those that wait have waited in vain. */
    Fullness(Exchange exchange, Runnable onStuck) {
        this.exchange = exchange;
        this.onStuck = onStuck;
    }

    /** Why waiting for room is in vain; null when somebody may make some. */
    @Nullable
    MessagingException stuck(String topic) {
        boolean stuck = freedWhenStuck == exchange.room().freed() || isAllUnconsumed();
        return stuck ? full(topic) : null;
    }

    private boolean isAllUnconsumed() {
        long messages = 0;
        for (Group group : exchange.routes().groups()) {
            messages += group.isConsumed() ? 0 : group.messages();
        }
        return messages >= exchange.room().messages();
    }

    /** That it is full, and by whose messages. */
    MessagingException full(String topic) {
        Group fullest = fullest(exchange.routes().groups());
        String what = fullest == null ? "" : ", by messages of " + told(fullest);
        return new MessagingException(
                ErrorCode.BROKER_FULL, "the embedded broker is full" + what, topic, remedy(fullest));
    }

    private static @Nullable Group fullest(Collection<Group> groups) {
        return groups.stream()
                .max(Comparator.comparing((Group group) -> !group.isConsumed() && group.messages() > 0)
                        .thenComparing(Group::bytes)
                        .thenComparing(Group::messages))
                .orElse(null);
    }

    private static String told(Group group) {
        return "group " + group.name() + " (" + group.messages() + " messages, " + group.bytes() + " bytes, "
                + (group.isConsumed() ? "consumed too slowly" : "which nobody consumes") + ")";
    }

    private static String remedy(@Nullable Group group) {
        String deleted = group == null
                ? ""
                : "consume group " + group.name() + ", delete it with " + "EmbeddedBroker.deleteGroup(\"" + group.name()
                        + "\"), or ";
        return deleted + "raise EmbeddedSettings.capacityMessages or .capacityBytes";
    }

    /** What whoever looks at the broker should know: null while there is room. On any thread. */
    @Nullable
    String remark() {
        Group fullest = fullest(exchange.routes().groups());
        return exchange.room().fits(1) || fullest == null ? null : "full, by messages of " + told(fullest);
    }

    /** Publishes have begun to wait. */
    void awaited() {
        if (!look.isQueued()) {
            lookLater();
        }
    }

    private void lookLater() {
        freedAtLook = exchange.room().freed();
        exchange.timers().armDelay(look, PATIENCE.toNanos());
    }

    /** Nobody waits any more. */
    void over() {
        exchange.timers().disarm(look);
    }

    private final class Look extends Timed {
        @Override
        void due() {
            if (exchange.intake().waiting() == 0) {
                return;
            }
            if (freedAtLook != exchange.room().freed()) {
                lookLater();
                return;
            }
            freedWhenStuck = freedAtLook;
            onStuck.run();
        }
    }
}
