package io.leasehold.embedded;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Tells by whose messages the broker is full. What it tells are facts of the groups, as any thread may read them. */
final class Fullness {
    private final Routes routes;
    private final Capacity capacity;

    Fullness(Routes routes, Capacity capacity) {
        this.routes = routes;
        this.capacity = capacity;
    }

    /** Tells whether nobody consumes the groups that have all there is. */
    boolean isAllUnconsumed() {
        long messages = 0;
        for (Group group : routes.groups()) {
            messages += group.isConsumed() ? 0 : group.messages();
        }
        return messages >= capacity.messages();
    }

    /** Returns the error that it is full, and by whose messages. */
    MessagingException error(String topic) {
        Group fullest = fullest();
        String what = fullest == null ? "" : ", by messages of " + told(fullest);
        return new MessagingException(
                ErrorCode.BROKER_FULL, "the embedded broker is full" + what, topic, remedy(fullest));
    }

    /** Returns what whoever looks at the broker should know; null while there is room. */
    @Nullable
    String remark() {
        Group fullest = fullest();
        return capacity.fits(1) || fullest == null ? null : "full, by messages of " + told(fullest);
    }

    private @Nullable Group fullest() {
        return routes.groups().stream()
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
}
