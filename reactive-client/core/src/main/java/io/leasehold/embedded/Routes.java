package io.leasehold.embedded;

import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Topic;
import io.leasehold.message.TopicFilter;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the groups and what is kept, and finds where each topic goes. Confined to the broker's turn, but for looking at
 * the groups.
 */
final class Routes {
    private static final int GROUPS_MAX = 10_000;
    private static final int RETENTIONS_MAX = 10_000;
    private static final int CACHED_MAX = 10_000;

    private final Map<String, Group> groups = new ConcurrentSkipListMap<>();
    private final Map<TopicFilter, Retention> retentions = new LinkedHashMap<>();
    private final Map<String, Route> cache = new HashMap<>();

    /**
     * Returns where a topic goes.
     *
     * @throws MessagingException {@link ErrorCode#BAD_TOPIC}
     */
    Route of(String topic) {
        Route known = cache.get(topic);
        return known != null ? known : find(topic);
    }

    // A message may say that it was received from anywhere: its topic is looked at where it is new.
    private Route find(String topic) {
        Topic.require(topic);
        if (cache.size() >= CACHED_MAX) {
            cache.clear();
        }
        List<Group> consuming =
                groups.values().stream().filter(group -> group.consumes(topic)).toList();
        List<Retention> keeping = retentions.values().stream()
                .filter(retention -> retention.covers(topic))
                .toList();
        Route route = Route.of(topic, consuming, keeping);
        cache.put(topic, route);
        return route;
    }

    /** Returns the groups, by name; they may be looked at on any thread. */
    Collection<Group> groups() {
        return groups.values();
    }

    @Nullable
    Group group(String name) {
        return groups.get(name);
    }

    void add(Group group) {
        require(groups.size() < GROUPS_MAX, "groups", GROUPS_MAX);
        groups.put(group.name(), group);
        cache.clear();
    }

    @Nullable
    Group remove(String name) {
        cache.clear();
        return groups.remove(name);
    }

    /** Keeps what a filter covers from now on; what is kept already gets other bounds where these are exact. */
    void keep(RetentionSpec spec) {
        Retention known = retentions.get(spec.filter());
        if (known != null) {
            if (spec.retention().isExact()) {
                known.become(spec);
                cache.clear();
            }
            return;
        }
        require(retentions.size() < RETENTIONS_MAX, "retentions", RETENTIONS_MAX);
        retentions.put(spec.filter(), new Retention(spec));
        cache.clear();
    }

    /** Gives a new group what is kept from its start position on, in the order of publishing. */
    void fill(Group group, StartPosition start) {
        if (start.kind() == StartPosition.Kind.LATEST) {
            return;
        }
        Instant from = start.instant() == null ? Instant.MIN : start.instant();
        Map<Long, StoredMessage> found = new TreeMap<>();
        for (Retention retention : retentions.values()) {
            retention.forEach(kept -> {
                StoredMessage stored = kept.stored();
                if (!kept.at().isBefore(from) && group.consumes(stored.message().topic())) {
                    found.put(stored.sequence(), stored);
                }
            });
        }
        found.values().forEach(group::offer);
    }

    private static void require(boolean hasRoom, String what, int most) {
        if (!hasRoom) {
            throw new MessagingException(
                    ErrorCode.REFUSED, "the broker has " + most + " " + what, what, "use fewer of them");
        }
    }
}
