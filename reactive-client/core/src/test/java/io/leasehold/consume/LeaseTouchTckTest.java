package io.leasehold.consume;

import java.time.Duration;
import org.reactivestreams.Publisher;
import org.testng.annotations.Test;

/** The rules of Reactive Streams for touching a lease. Skipped is what {@link OneAnswerTck} names. */
@Test
public class LeaseTouchTckTest extends OneAnswerTck<Duration> {
    @Override
    public Publisher<Duration> createPublisher(long elements) {
        return held().lease().touch();
    }

    @Override
    public Publisher<Duration> createFailedPublisher() {
        return acked().lease().touch();
    }
}
