package io.leasehold.nats.connection;

import io.leasehold.lease.Ticker;
import io.leasehold.wire.ConnectionContext;
import io.leasehold.wire.ConnectionLoop;
import java.time.Duration;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The loop of a connection in virtual time. */
final class TestLoop implements AutoCloseable {
    final HeardConnection heard = new HeardConnection();
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final ConnectionLoop loop;

    TestLoop() {
        loop = ConnectionLoop.start(
                ConnectionSettings.PROTOCOL,
                new ConnectionContext("tester", new Ticker(time), time, Schedulers.immediate(), heard),
                false);
    }

    @Override
    public void close() {
        loop.leave().block(Duration.ofSeconds(10));
    }
}
