package io.leasehold.consume;

import org.reactivestreams.Publisher;
import org.testng.annotations.Test;
import reactor.core.publisher.Mono;

/**
 * The rules of Reactive Streams for {@code settleBy}. Skipped is what {@link OneAnswerTck} names, and all of 1.11,
 * optional: it may be subscribed once.
 */
@Test
public class SettleByTckTest extends OneAnswerTck<Outcome> {
    @Override
    public Publisher<Outcome> createPublisher(long elements) {
        return held().settleBy(Mono.empty());
    }

    @Override
    public Publisher<Outcome> createFailedPublisher() {
        return acked().settleBy(Mono.empty());
    }
}
