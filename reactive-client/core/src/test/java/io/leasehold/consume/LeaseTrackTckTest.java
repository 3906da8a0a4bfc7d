package io.leasehold.consume;

import org.reactivestreams.Publisher;
import org.testng.annotations.Test;
import reactor.core.publisher.Mono;

/** The rules of Reactive Streams for what a run tracks. Skipped is what {@link OneAnswerTck} names. */
@Test
public class LeaseTrackTckTest extends OneAnswerTck<String> {
    @Override
    public Publisher<String> createPublisher(long elements) {
        return workedOn().lease().track(Mono.just("a"));
    }

    @Override
    public Publisher<String> createFailedPublisher() {
        return acked().lease().track(Mono.just("a"));
    }
}
