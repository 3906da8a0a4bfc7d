package io.leasehold.consume;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;
import reactor.core.publisher.Mono;

/**
 * The rules of Reactive Streams for {@code through}. Skipped are 1.11, optional: a consumer has one subscription at
 * a time, the second one is refused; and those that the kit itself calls untested: 1.6 to 1.10, 3.4, 3.5.
 */
@Test
public class ThroughTckTest extends PublisherVerification<Outcome> {
    private final TckSource source = new TckSource();

    /** Signals come on the parallel scheduler. */
    public ThroughTckTest() {
        super(new TestEnvironment(10_000, 100, 1_000));
    }

    @Override
    public Publisher<Outcome> createPublisher(long elements) {
        return source.of(
                elements,
                TckSource.LIMIT,
                (consumer, last) -> consumer.through(flux -> flux.flatMap(delivery -> {
                    if (delivery.body().last()) {
                        last.run();
                    }
                    return delivery.settleBy(Mono.empty());
                })));
    }

    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Publisher<Outcome> createFailedPublisher() {
        return source.refused().through(flux -> flux);
    }

    @AfterClass
    public void close() {
        source.close();
    }
}
