package io.leasehold.event;

import io.leasehold.event.MessagingEvent.Kind;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.Test;
import reactor.core.scheduler.Schedulers;

/**
 * The rules of Reactive Streams for the events of a client, 1.11 for many subscribers among them. Skipped are what
 * wants a publisher that fails, as this one never does (1.4, 1.9 of a publisher that is unwilling), and those that the
 * kit itself calls untested: 1.6 to 1.10, 3.4, 3.5.
 */
@Test
public class EventsTckTest extends PublisherVerification<MessagingEvent> {
    /** Signals come on the parallel scheduler. */
    public EventsTckTest() {
        super(new TestEnvironment(10_000, 100, 1_000));
    }

    // So much happens, from the first request on, and then the client is closed.
    @Override
    public Publisher<MessagingEvent> createPublisher(long elements) {
        EventStream stream = new EventStream(Schedulers.parallel());
        AtomicBoolean begun = new AtomicBoolean();
        return stream.events().doOnRequest(n -> {
            if (!begun.getAndSet(true)) {
                for (int i = 0; i < Math.min(elements, EventStream.KEPT); i++) {
                    stream.event(MessagingEvent.of(Kind.TROUBLE, "event " + i, null));
                }
                stream.complete();
            }
        });
    }

    @Override
    public Publisher<MessagingEvent> createFailedPublisher() {
        return null;
    }
}
