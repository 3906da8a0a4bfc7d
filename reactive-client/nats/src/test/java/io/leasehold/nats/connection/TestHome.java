package io.leasehold.nats.connection;

import io.leasehold.lease.Ticker;
import java.time.Duration;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A home in virtual time. */
final class TestHome implements AutoCloseable {
    final HeardConnection heard = new HeardConnection();
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Home home;

    TestHome() {
        home = new Home(new ConnectionContext("tester", new Ticker(time), time, Schedulers.immediate(), heard), false);
    }

    @Override
    public void close() {
        home.leave().block(Duration.ofSeconds(10));
    }
}
