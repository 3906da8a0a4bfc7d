package io.leasehold.consume;

import io.leasehold.MessageClient;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;

/**
 * The rules of Reactive Streams for what gives one answer. The kit skips what it can show only with more elements: 1.1
 * to 1.3, 1.5, 3.2, 3.3, 3.6, 3.9, 3.12, 3.13 and 3.17, and of 1.11, optional, what many subscribers see; and what it
 * calls untested: 1.6 to 1.10, 3.4, 3.5. It has nothing at all for what only completes, as {@code check}, {@code drain}
 * and {@code close} do.
 *
 * @param <T> the answer
 */
abstract class OneAnswerTck<T> extends PublisherVerification<T> {
    private final TckSource source = new TckSource();

    OneAnswerTck() {
        super(new TestEnvironment(10_000, 100, 1_000));
    }

    /** A delivery that is held. */
    final Delivery<?> held() {
        return source.delivery();
    }

    /** A delivery whose work goes on. */
    final Delivery<?> workedOn() {
        return source.workedOn();
    }

    /** A delivery that was acked. */
    final Delivery<?> acked() {
        return source.ackedDelivery();
    }

    final MessageClient client() {
        return source.client();
    }

    @Override
    public final long maxElementsFromPublisher() {
        return 1;
    }

    @AfterClass
    public final void close() {
        source.close();
    }
}
