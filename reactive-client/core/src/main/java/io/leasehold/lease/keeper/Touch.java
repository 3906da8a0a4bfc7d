package io.leasehold.lease.keeper;

import io.leasehold.error.ErrorCode;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchItem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Is one touch under way. The instant at which it was made is the anchor of what the touch brings. */
final class Touch implements TouchItem {
    private final KeptLease lease;
    private final long sentAt;
    private final Sinks.@Nullable One<Duration> answer;

    private Touch(KeptLease lease, long sentAt, Sinks.@Nullable One<Duration> answer) {
        this.lease = lease;
        this.sentAt = sentAt;
        this.answer = answer;
    }

    static Touch silent(KeptLease lease, long now) {
        return new Touch(lease, now, null);
    }

    static Touch awaited(KeptLease lease, long now) {
        return new Touch(lease, now, Sinks.one());
    }

    Mono<Duration> answer() {
        return answer == null ? Mono.empty() : answer.asMono();
    }

    @Override
    public Object receipt() {
        return lease.receipt();
    }

    @Override
    public boolean tryWrite() {
        return lease.mayTouch();
    }

    @Override
    public boolean isOpen() {
        return lease.isOpen();
    }

    @Override
    public void confirmed(long leaseNanos) {
        boolean inTime = lease.touchConfirmed(sentAt, leaseNanos);
        if (answer == null) {
            return;
        }

        if (inTime) {
            answer.tryEmitValue(Duration.ofNanos(Math.max(0, lease.deadlineNanos() - lease.now())));
        } else {
            answer.tryEmitError(lease.lostException(ErrorCode.LEASE_LOST));
        }
    }

    @Override
    public void refused(LeaseLoss loss) {
        lease.touchRefused(loss);
    }
}
