package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.Ticker;
import io.leasehold.message.TopicFilter;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.jetstream.ScriptedServer.Sent;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** No lease is counted from later than the pull that may have caused it, whatever servers say about pulls. */
class AnchorIT implements DeliverySink, Recorder {
    private static final Duration LEASE = Duration.ofMinutes(2);

    private final ScriptedServer server = new ScriptedServer(LEASE.toNanos());
    private final Scheduler time = Schedulers.newSingle("anchors");
    private final List<Handout> handouts = new CopyOnWriteArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private BrokerSession session;
    private DeliveryPort port;

    @BeforeEach
    void join() {
        session = NatsBroker.connect(server.url()).open(new SessionContext("anchors", new Ticker(time), time, this));
        GroupSpec group = new GroupSpec(
                ScriptedServer.GROUP, TopicFilter.of(ScriptedServer.STREAM + ".>"), LEASE, StartPosition.EARLIEST);
        port = session.deliveries(group, this);
    }

    @AfterEach
    void leave() {
        session.close().block(RawNats.LIMIT);
        server.close();
        time.dispose();
    }

    private Handout handout(int number) {
        Threads.await("handout " + number, RawNats.LIMIT, () -> handouts.size() > number);
        return handouts.get(number);
    }

    @Test
    void aLeaseIsCountedFromItsPullHoweverLateItArrives() {
        port.credit(1);
        Sent pull = server.pull(0);
        long late = System.nanoTime() + Duration.ofMillis(300).toNanos();
        Threads.await("a slow network", RawNats.LIMIT, () -> System.nanoTime() > late);
        server.deliver(pull, 1);

        assertThat(handout(0).anchorNanos()).isLessThanOrEqualTo(pull.nanos());
    }

    @Test
    void aSubscriptionIsNotPulledAgainWhileItsPullIsOut() {
        port.credit(1);
        Sent first = server.pull(0);
        port.credit(5);
        Sent second = server.pull(1);
        server.deliver(first, 1);
        server.deliver(second, 2);
        handout(1);

        assertThat(handouts)
                .filteredOn(each -> tokenOf(each) == 1)
                .singleElement()
                .satisfies(each -> assertThat(each.anchorNanos()).isLessThanOrEqualTo(first.nanos()));
    }

    @Test
    void whatComesForAPullThatWasWithdrawnIsNotCountedFromTheNextOne() {
        port.credit(4);
        Sent first = server.pull(0);
        port.credit(1);
        Sent second = server.pull(1);
        server.raw(server.delivery(first, 1) + server.delivery(second, 2));
        handout(0);
        Threads.await("the second", RawNats.LIMIT, () -> handouts.stream().anyMatch(each -> tokenOf(each) == 2));

        assertThat(handouts)
                .filteredOn(each -> tokenOf(each) == 1)
                .allSatisfy(each -> assertThat(each.anchorNanos()).isLessThanOrEqualTo(first.nanos()));
        assertThat(second.reply()).isNotEqualTo(first.reply());
    }

    /** With replicas deliveries wait for their quorum, and statuses do not. */
    @Test
    void aStatusThatOvertakesDeliveriesDoesNotHaveThemCountedFromTheNextPull() {
        assertNotCountedFromTheNext("409 Message Size Exceeds MaxBytes\r\nNats-Pending-Messages: 1");
        assertNotCountedFromTheNext("408 Request Timeout\r\nNats-Pending-Messages: 1");
    }

    /** What was on its way out still comes. */
    @Test
    void whatComesAfterTheConsumerMovedIsNotCountedFromTheNextPull() {
        assertNotCountedFromTheNext("409 Server Shutdown");
        assertNotCountedFromTheNext("409 Leadership Change");
    }

    private void assertNotCountedFromTheNext(String told) {
        int pulls = pulls();
        int number = 10 * (pulls + 1);
        port.credit(handouts.size() + 2);
        Sent first = server.pull(pulls);
        server.tell(first, told);
        Sent second = server.pull(pulls + 1);
        server.raw(server.delivery(first, number) + server.delivery(second, number + 1));
        Threads.await(
                "the second", RawNats.LIMIT, () -> handouts.stream().anyMatch(each -> tokenOf(each) == number + 1));
        assertThat(handouts)
                .as(told)
                .filteredOn(each -> tokenOf(each) == number)
                .allSatisfy(each -> assertThat(each.anchorNanos()).isLessThanOrEqualTo(first.nanos()));
        assertThat(faults).isEmpty();
        port.credit(handouts.size());
    }

    /** A pull that is bounded in bytes is told so when its count is reached; the subscription was free by then. */
    @Test
    void theEndOfOnePullIsNotTakenForTheEndOfTheNext() {
        port.credit(1);
        Sent first = server.pull(0);
        server.deliver(first, 1);
        handout(0);
        port.credit(3);
        Sent second = server.pull(1);
        server.tell(first, "409 Batch Completed\r\nNats-Pending-Messages: 0");
        server.deliver(second, 2);
        server.tell(second, "409 Batch Completed\r\nNats-Pending-Messages: 0");
        server.deliver(second, 3);
        handout(2);

        assertThat(pulls()).isEqualTo(2);
        assertThat(faults).isEmpty();
    }

    private int pulls() {
        return (int) server.sent().stream()
                .filter(each -> each.subject().contains("MSG.NEXT"))
                .count();
    }

    private static long tokenOf(Handout handout) {
        return handout.token().sequence();
    }

    @Override
    public void delivered(Handout handout) {
        handouts.add(handout);
    }

    @Override
    public void ended(Object ref, FencingToken newer, LeaseLoss loss) {}

    @Override
    public void connectionLost() {}

    @Override
    public void troubled(MessagingException trouble) {}

    @Override
    public void gone(MessagingException error) {}

    @Override
    public void event(MessagingEvent event) {}

    @Override
    public void fault(Throwable fault) {
        faults.add(fault);
    }
}
