package io.leasehold.consume;

import io.leasehold.lease.SettleAnswer;
import org.reactivestreams.Publisher;
import org.testng.annotations.Test;

/** The rules of Reactive Streams for settling a lease. Skipped is what {@link OneAnswerTck} names. */
@Test
public class LeaseSettleTckTest extends OneAnswerTck<SettleAnswer> {
    @Override
    public Publisher<SettleAnswer> createPublisher(long elements) {
        return held().lease().ack();
    }

    @Override
    public Publisher<SettleAnswer> createFailedPublisher() {
        return acked().lease().terminate("too late");
    }
}
