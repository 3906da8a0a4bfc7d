package io.leasehold.publish;

import io.leasehold.Scenario;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;

/**
 * The rules of Reactive Streams for {@code publish}. As it has one element, the kit skips what it can show only with
 * more: 1.1 to 1.3, 1.5, 3.2, 3.3, 3.6, 3.9, 3.12, 3.13 and 3.17, of which {@link PublishTest} and {@link
 * PublishCancelTest} show 3.9 and 3.13. Besides that it skips the same as in {@link PublishAllTckTest}.
 */
@Test
@Scenario(5)
public class PublishTckTest extends PublisherVerification<PublishReceipt> {
    /** As for {@link PublishAllTckTest}. */
    public PublishTckTest() {
        super(new TestEnvironment(10_000, 100, 1_000));
    }

    @Override
    public Publisher<PublishReceipt> createPublisher(long elements) {
        return TckDesk.open().publish(Message.to("test.topic"));
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }

    @Override
    public Publisher<PublishReceipt> createFailedPublisher() {
        return TckDesk.open().publish(Message.to("test.topic"), new Object());
    }
}
