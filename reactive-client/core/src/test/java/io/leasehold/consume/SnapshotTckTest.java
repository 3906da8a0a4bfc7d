package io.leasehold.consume;

import io.leasehold.diagnostics.ClientSnapshot;
import org.reactivestreams.Publisher;
import org.testng.annotations.Test;

/** The rules of Reactive Streams for snapshots. Skipped is what {@link OneAnswerTck} names. */
@Test
public class SnapshotTckTest extends OneAnswerTck<ClientSnapshot> {
    @Override
    public Publisher<ClientSnapshot> createPublisher(long elements) {
        return client().snapshot();
    }

    @Override
    public Publisher<ClientSnapshot> createFailedPublisher() {
        return client().snapshot(0, null);
    }
}
