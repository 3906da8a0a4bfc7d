package io.leasehold.observation;

import static io.leasehold.observation.TagValues.lower;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.BrokerReadings;
import io.leasehold.event.GroupReadings;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.PublishReadings;
import io.leasehold.event.Recorder;
import io.leasehold.event.RunEnd;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseView;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleVerb;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds the meters of one client. What is reported when it is closed, or of a group that is not consumed any more, is
 * not counted: nothing is registered that nobody takes away.
 */
final class ClientMeters implements Recorder {
    private static final int CLIENTS_MAX = 1_000;

    private final MeterSet meters;
    private final Map<String, GroupMeters> groups = new ConcurrentHashMap<>();
    private final Map<String, TopicMeters> topics = new ConcurrentHashMap<>();
    private final Counter[] events = new Counter[MessagingEvent.Kind.values().length];
    private final Timer cancelWait;
    private volatile @Nullable GroupMeters lastGroup;
    private volatile @Nullable TopicMeters lastTopic;
    private volatile boolean closed;

    private ClientMeters(MeterSet meters) {
        this.meters = meters;
        cancelWait = meters.timer(LeaseholdMeters.CANCEL_WAIT);
        for (MessagingEvent.Kind kind : MessagingEvent.Kind.values()) {
            events[kind.ordinal()] = meters.counter(LeaseholdMeters.EVENTS, lower(kind));
        }
    }

    /** Makes the meters of one more client of a registry. */
    static ClientMeters in(MeterRegistry registry, Tags common) {
        String key = LeaseholdMeters.Key.CLIENT.asString();
        boolean named = common.stream().anyMatch(tag -> tag.getKey().equals(key));
        Tags tags = named ? common : common.and(key, freeNumber(registry, key));
        return new ClientMeters(new MeterSet(registry, tags));
    }

    private static String freeNumber(MeterRegistry registry, String key) {
        for (int number = 1; number < CLIENTS_MAX; number++) {
            String name = Integer.toString(number);
            if (registry.find(LeaseholdMeters.CANCEL_WAIT.getName())
                            .tag(key, name)
                            .meter()
                    == null) {
                return name;
            }
        }
        return MeterRecorder.OTHER;
    }

    private GroupMeters group(String group) {
        GroupMeters last = lastGroup;
        if (last != null && group.equals(last.group())) {
            return last;
        }

        GroupMeters found = groups.get(group);
        if (found == null) {
            boolean room = !closed && groups.size() < MeterRecorder.GROUPS_MAX;
            String name = room ? group : MeterRecorder.OTHER;
            found = groups.computeIfAbsent(name, fresh -> new GroupMeters(meters.part(), fresh));
            if (closed) {
                found.remove();
            }
        }

        lastGroup = found;
        return found;
    }

    private TopicMeters topic(String topic) {
        TopicMeters last = lastTopic;
        if (last != null && topic.equals(last.topic())) {
            return last;
        }

        TopicMeters found = topics.get(topic);
        if (found == null) {
            String name = topics.size() < MeterRecorder.TOPICS_MAX ? topic : MeterRecorder.OTHER;
            found = topics.computeIfAbsent(name, fresh -> new TopicMeters(meters, fresh));
            if (closed) {
                meters.remove();
            }
        }

        lastTopic = found;
        return found;
    }

    // A group whose meters are gone: the last answers to what was held for it count nothing.
    private @Nullable GroupMeters present(String group) {
        GroupMeters last = lastGroup;
        if (last != null && group.equals(last.group())) {
            return last;
        }
        GroupMeters found = groups.get(group);
        return found == null ? groups.get(MeterRecorder.OTHER) : found;
    }

    private @Nullable GroupMeters of(LeaseView lease) {
        return present(lease.group());
    }

    // ---- consuming

    @Override
    public void opened(LeaseView lease) {
        group(lease.group()).acquired(lease.deliveryCount());
    }

    @Override
    public void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
        GroupMeters of = of(lease);
        if (of != null) {
            of.settled(verb, answer);
        }
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        GroupMeters of = of(lease);
        if (of != null) {
            of.lost(loss);
        }
    }

    @Override
    public void touched(LeaseView lease) {
        GroupMeters of = of(lease);
        if (of != null) {
            of.touch(GroupMeters.Touch.SENT);
        }
    }

    @Override
    public void touchAnswered(LeaseView lease, boolean inTime) {
        GroupMeters of = of(lease);
        if (of != null) {
            of.touch(inTime ? GroupMeters.Touch.CONFIRMED : GroupMeters.Touch.LATE);
        }
    }

    @Override
    public void ended(String group, RunEnd how, @Nullable ErrorCode code, long nanos) {
        GroupMeters of = present(group);
        if (of != null) {
            of.ended(how, code, nanos);
        }
    }

    @Override
    public void cancelled(String group, long nanos) {
        GroupMeters of = present(group);
        if (of != null) {
            of.cancelled(nanos);
        }
    }

    @Override
    public void cancelDelayed(long nanos) {
        cancelWait.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void watching(GroupReadings group) {
        lastGroup = null;
        group(group.group()).watch(group);
    }

    @Override
    public void forgetting(String group) {
        GroupMeters gone = groups.remove(group);
        lastGroup = null;
        if (gone != null) {
            gone.remove();
        }
    }

    @Override
    public void watching(BrokerReadings broker) {
        meters.gauge(LeaseholdMeters.CONNECTED, broker, read -> read.isReachable() ? 1 : 0);
        meters.gauge(LeaseholdMeters.UNHEARD, broker, read -> read.unheard().toNanos() / 1e9);
    }

    @Override
    public void closed() {
        closed = true;
        groups.keySet().forEach(this::forgetting);
        topics.clear();
        lastTopic = null;
        meters.remove();
    }

    // ---- publishing

    @Override
    public void published(String topic, @Nullable ErrorCode code, long nanos) {
        topic(topic).published(code, nanos);
    }

    @Override
    public void publishRepeated(String topic) {
        topic(topic).count(LeaseholdMeters.PUBLISH_REPEATED);
    }

    @Override
    public void publishTakenBack(String topic) {
        topic(topic).count(LeaseholdMeters.PUBLISH_TAKEN_BACK);
    }

    @Override
    public void watching(PublishReadings publishing) {
        meters.gauge(LeaseholdMeters.PUBLISH_PENDING, publishing, PublishReadings::inFlight, "inflight");
        meters.gauge(LeaseholdMeters.PUBLISH_PENDING, publishing, PublishReadings::waiting, "waiting");
        meters.gauge(LeaseholdMeters.PUBLISH_HALTED, publishing, PublishReadings::haltedKeys);
    }

    // ---- events

    @Override
    public void event(MessagingEvent event) {
        if (closed) {
            return;
        }

        events[event.kind().ordinal()].increment();

        switch (event.kind()) {
            case ORPHAN,
                    SURPLUS,
                    DEAD_ON_ARRIVAL,
                    STALE_SETTLEMENT,
                    DEAD_LETTERED,
                    DEAD_LETTER_FAILED,
                    SETTINGS_UNCHANGED,
                    SETTINGS_CHANGED -> group(groupOf(event)).event(event);
            case LATE_ANSWER -> {
                Object to = event.details().getOrDefault("to", "publish");
                meters.counter(LeaseholdMeters.LATE_ANSWER, to.toString()).increment();
            }
            default -> {}
        }
    }

    // The subject of events about deliveries is the group, or the group and the topic.
    private static String groupOf(MessagingEvent event) {
        int slash = event.subject().indexOf('/');
        return slash < 0 ? event.subject() : event.subject().substring(0, slash);
    }
}
