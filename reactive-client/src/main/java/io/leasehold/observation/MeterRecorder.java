package io.leasehold.observation;

import static io.leasehold.observation.TagValues.lower;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.KeptLease;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.Verb;
import io.leasehold.signal.GroupReadings;
import io.leasehold.signal.MessagingEvent;
import io.leasehold.signal.PublishReadings;
import io.leasehold.signal.Recorder;
import io.leasehold.signal.RunEnd;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts and measures what a client reports: the meters of {@link LeaseholdMeters}. Meters are registered when their
 * group or topic is first seen and kept, so that a message costs a few additions and allocates nothing. Several clients
 * of one registry need a common tag each, else their gauges are those of the client that was built last.
 *
 * <pre>{@code
 * MessageClient.builder().recorder(MeterRecorder.of(meterRegistry)).build();
 * }</pre>
 */
public final class MeterRecorder implements Recorder {
    /** How many topics have meters of their own; further ones share {@code other}. */
    public static final int TOPICS_MAX = 256;

    static final String OTHER = "other";

    private final Meters meters;
    private final Map<String, GroupMeters> groups = new ConcurrentHashMap<>();
    private final Map<String, TopicMeters> topics = new ConcurrentHashMap<>();
    private final Counter[] events = new Counter[MessagingEvent.Kind.values().length];
    private final Timer cancelWait;
    private volatile @Nullable GroupMeters lastGroup;
    private volatile @Nullable TopicMeters lastTopic;

    private MeterRecorder(MeterRegistry registry, Tags common) {
        meters = new Meters(registry, common);
        cancelWait = meters.timer(LeaseholdMeters.CANCEL_WAIT);
        for (MessagingEvent.Kind kind : MessagingEvent.Kind.values()) {
            events[kind.ordinal()] = meters.counter(LeaseholdMeters.EVENTS, lower(kind));
        }
    }

    /** A recorder into a registry. */
    public static MeterRecorder of(MeterRegistry registry) {
        return new MeterRecorder(registry, Tags.empty());
    }

    /** A recorder whose meters all have these tags too. */
    public static MeterRecorder of(MeterRegistry registry, Iterable<? extends Tag> common) {
        return new MeterRecorder(registry, Tags.of(common));
    }

    private GroupMeters group(String group) {
        GroupMeters last = lastGroup;
        if (last != null && group.equals(last.group())) {
            return last;
        }
        GroupMeters found = groups.get(group);
        if (found == null) {
            found = groups.computeIfAbsent(group, name -> new GroupMeters(meters, name));
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
            String name = topics.size() < TOPICS_MAX ? topic : OTHER;
            found = topics.computeIfAbsent(name, fresh -> new TopicMeters(meters, fresh));
        }
        lastTopic = found;
        return found;
    }

    private GroupMeters of(KeptLease lease) {
        return group(lease.owner().group());
    }

    // ---- consuming

    @Override
    public void opened(KeptLease lease) {
        of(lease).acquired(lease.grant().deliveryCount());
    }

    @Override
    public void settled(KeptLease lease, Verb verb, SettleAnswer answer) {
        of(lease).settled(verb, answer);
    }

    @Override
    public void lost(KeptLease lease, LeaseLoss loss) {
        of(lease).lost(loss);
    }

    @Override
    public void touched(KeptLease lease) {
        of(lease).touch(GroupMeters.Touch.SENT);
    }

    @Override
    public void touchAnswered(KeptLease lease, boolean inTime) {
        of(lease).touch(inTime ? GroupMeters.Touch.CONFIRMED : GroupMeters.Touch.LATE);
    }

    @Override
    public void ended(String group, RunEnd how, @Nullable ErrorCode code, long nanos) {
        group(group).ended(how, code, nanos);
    }

    @Override
    public void cancelled(String group, long nanos) {
        group(group).cancelled(nanos);
    }

    @Override
    public void cancelDelayed(long nanos) {
        cancelWait.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void watching(GroupReadings group) {
        group(group.group()).watch(group);
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
