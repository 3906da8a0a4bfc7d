package io.leasehold.consume;

import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import org.reactivestreams.Publisher;
import org.testng.annotations.Test;

/** The rules of Reactive Streams for what a run publishes. Skipped is what {@link OneAnswerTck} names. */
@Test
public class DerivedPublishTckTest extends OneAnswerTck<PublishReceipt> {
    @Override
    public Publisher<PublishReceipt> createPublisher(long elements) {
        Delivery<?> delivery = workedOn();
        return delivery.publish(Message.to(delivery.topic()).body("a"));
    }

    @Override
    public Publisher<PublishReceipt> createFailedPublisher() {
        return acked().publish(Message.to("tck.derived").body("a"));
    }
}
