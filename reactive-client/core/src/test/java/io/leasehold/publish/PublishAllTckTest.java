package io.leasehold.publish;

import io.leasehold.Scenario;
import io.leasehold.message.Message;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;
import reactor.core.publisher.Flux;

/**
 * The rules of Reactive Streams for {@code publishAll}. Skipped are 1.11, optional: a publisher may support many
 * subscribers by giving each the same elements, while here each subscription publishes for itself; and those that the
 * kit itself calls untested (1.6 to 1.10, 3.4, 3.5).
 */
@Test
@Scenario(5)
public class PublishAllTckTest extends PublisherVerification<PublishResult> {
    /** A publishing that confirms at once, signals on the parallel scheduler, and never closes. */
    public PublishAllTckTest() {
        super(new TestEnvironment(10_000, 100, 1_000));
    }

    @Override
    public Publisher<PublishResult> createPublisher(long elements) {
        Message message = Message.to("test.topic");
        return TckDesk.open().publishAll(Flux.just(message).repeat().take(elements));
    }

    @Override
    public long maxElementsFromPublisher() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Publisher<PublishResult> createFailedPublisher() {
        return TckDesk.open().publishAll(Flux.error(new IllegalStateException("source")));
    }
}
