package io.leasehold.consume;

import io.leasehold.Scenario;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

/**
 * The rules of Reactive Streams for {@code deliveries}. Skipped are 1.11, optional: a consumer has one subscription
 * at a time, the second one is refused; and those that the kit itself calls untested: 1.6 to 1.10, 3.4, 3.5.
 */
@Test
@Scenario(5)
public class DeliveriesTckTest extends PublisherVerification<Delivery<TckSource.Element>> {
    private final TckSource source = new TckSource();

    /** Signals come on the parallel scheduler. */
    public DeliveriesTckTest() {
        super(new TestEnvironment(10_000, 100, 1_000));
    }

    @Override
    public Publisher<Delivery<TckSource.Element>> createPublisher(long elements) {
        return source.of(
                elements,
                Duration.ZERO,
                (consumer, last) -> consumer.keyed(message -> {
                            if (message.bytes()[0] == 1) {
                                last.run();
                            }
                            return null;
                        })
                        .deliveries());
    }

    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Publisher<Delivery<TckSource.Element>> createFailedPublisher() {
        return source.refused().deliveries();
    }

    @AfterClass
    public void close() {
        source.close();
    }
}
