package io.leasehold.observation;

import io.leasehold.api.CheckReturnValue;
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
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts and measures what clients report: the meters of {@link LeaseholdMeters}. Meters are registered when their
 * group or topic is first seen, so that a message costs a few additions and allocates nothing; those of a group go when
 * it is not consumed any more, all of a client when that is closed. Each client that is built with it has meters of
 * its own, told apart by the tag {@code client}: the smallest number that is free in the registry, or what the common
 * tags say.
 *
 * <pre>{@code
 * MessageClient.builder().recorder(MeterRecorder.of(meterRegistry)).build();
 * }</pre>
 */
@CheckReturnValue
public final class MeterRecorder implements Recorder {
    /** Bounds the topics that have meters of their own; further ones share {@code other}. */
    public static final int TOPICS_MAX = 256;

    /** Bounds the groups that have meters of their own at a time; further ones share {@code other}. */
    public static final int GROUPS_MAX = 256;

    static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Tags common;
    private final AtomicReference<@Nullable ClientMeters> own = new AtomicReference<>();

    private MeterRecorder(MeterRegistry registry, Tags common) {
        this.registry = registry;
        this.common = common;
    }

    /** Makes a recorder into a registry. */
    public static MeterRecorder of(MeterRegistry registry) {
        return new MeterRecorder(registry, Tags.empty());
    }

    /** Makes a recorder whose meters all have these tags too; one named {@code client} names the client. */
    public static MeterRecorder of(MeterRegistry registry, Iterable<? extends Tag> common) {
        return new MeterRecorder(registry, Tags.of(common));
    }

    @Override
    public Recorder forClient(String client) {
        return ClientMeters.in(registry, common);
    }

    // What is reported without a client is one of its own.
    private ClientMeters own() {
        ClientMeters present = own.get();
        if (present == null) {
            present = ClientMeters.in(registry, common);
            own.set(present);
        }
        return present;
    }

    @Override
    public void opened(LeaseView lease) {
        own().opened(lease);
    }

    @Override
    public void settled(LeaseView lease, SettleVerb verb, SettleAnswer answer) {
        own().settled(lease, verb, answer);
    }

    @Override
    public void lost(LeaseView lease, LeaseLoss loss) {
        own().lost(lease, loss);
    }

    @Override
    public void touched(LeaseView lease) {
        own().touched(lease);
    }

    @Override
    public void touchAnswered(LeaseView lease, boolean inTime) {
        own().touchAnswered(lease, inTime);
    }

    @Override
    public void ended(String group, RunEnd how, @Nullable ErrorCode code, long nanos) {
        own().ended(group, how, code, nanos);
    }

    @Override
    public void cancelled(String group, long nanos) {
        own().cancelled(group, nanos);
    }

    @Override
    public void cancelDelayed(long nanos) {
        own().cancelDelayed(nanos);
    }

    @Override
    public void watching(GroupReadings group) {
        own().watching(group);
    }

    @Override
    public void forgetting(String group) {
        own().forgetting(group);
    }

    @Override
    public void watching(PublishReadings publishing) {
        own().watching(publishing);
    }

    @Override
    public void watching(BrokerReadings broker) {
        own().watching(broker);
    }

    @Override
    public void published(String topic, @Nullable ErrorCode code, long nanos) {
        own().published(topic, code, nanos);
    }

    @Override
    public void publishRepeated(String topic) {
        own().publishRepeated(topic);
    }

    @Override
    public void publishTakenBack(String topic) {
        own().publishTakenBack(topic);
    }

    @Override
    public void event(MessagingEvent event) {
        own().event(event);
    }

    @Override
    public void closed() {
        own().closed();
    }
}
