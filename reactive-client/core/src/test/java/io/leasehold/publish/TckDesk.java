package io.leasehold.publish;

import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.pace.TaskLoops;
import java.util.List;
import reactor.core.scheduler.Schedulers;

/** Publishers for the rules of Reactive Streams, on the schedulers that everybody shares. */
final class TckDesk {
    private TckDesk() {}

    static MessagePublisher open() {
        return Publishing.open(new PublishContext(
                        item -> item.confirmed(1, !item.tryWrite()),
                        PublishSettings.builder().window(64).build(),
                        Codecs.builtIn(),
                        new Ticker(Schedulers.single()),
                        Schedulers.single(),
                        new TaskLoops(Schedulers.parallel(), 2, Recorder.NONE::fault),
                        Recorder.NONE,
                        List.of()))
                .publisher();
    }
}
