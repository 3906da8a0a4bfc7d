package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The loop of a connection in virtual time, whose protocol is {@code test}. */
final class TestLoop implements AutoCloseable {
    static final WireProtocol PROTOCOL = new WireProtocol("test", "test", "tests", 4222, "TestSettings");

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final ConnectionLoop loop;
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    TestLoop() {
        Recorder recorder = new Recorder() {
            @Override
            public void fault(Throwable fault) {
                faults.add(fault);
            }
        };
        ConnectionContext context =
                new ConnectionContext("tester", new Ticker(time), time, Schedulers.immediate(), recorder);
        loop = ConnectionLoop.start(PROTOCOL, context, false);
    }

    @Override
    public void close() {
        loop.leave().block(Duration.ofSeconds(10));
        assertThat(faults).isEmpty();
    }
}
