package io.leasehold.diagnostics;

import io.leasehold.consume.HeldReport;
import io.leasehold.event.MessagingEvent;
import io.leasehold.lease.LeaseLoss;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that was lost, stalled or became an orphan, as it stood at that moment.
 *
 * @param ago how long ago that was when it was asked for
 * @param what {@code LEASE_LOST}, {@code STALLED} or {@code ORPHAN}
 * @param loss why the lease was lost, for {@code LEASE_LOST}
 * @param delivery the delivery; where its handler stood, before it was cancelled
 * @param group the numbers of its group then; null when the group had not run anything before
 * @param publishing the numbers of publishing then
 */
public record Evidence(
        Duration ago,
        MessagingEvent.Kind what,
        @Nullable LeaseLoss loss,
        HeldReport delivery,
        @Nullable GroupMoment group,
        ClientSnapshot.PublishCounts publishing) {
    /**
     * The numbers of a group at a moment.
     *
     * @param waiting how many deliveries waited
     * @param running how many runs there were, without orphans
     * @param orphans how many runs went on without a lease
     * @param stalled how many runs had taken suspiciously long
     * @param limit how many runs there could be at once
     */
    public record GroupMoment(int waiting, int running, int orphans, int stalled, int limit) {}

    Evidence asOf(long ageNanos) {
        return new Evidence(Duration.ofNanos(Math.max(0, ageNanos)), what, loss, delivery, group, publishing);
    }
}
