package io.leasehold.diagnostics;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.api.Internal;
import io.leasehold.broker.BrokerSession;
import io.leasehold.consume.Consumers;
import io.leasehold.consume.GroupCounts;
import io.leasehold.consume.GroupHoldings;
import io.leasehold.consume.HeldReport;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.BrokerReadings;
import io.leasehold.event.EventStream;
import io.leasehold.event.EventfulRecorder;
import io.leasehold.event.LoggingRecorder;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.Ticker;
import io.leasehold.publish.Publishing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What one client tells about itself. Made before the client's parts, which report to its recorder. */
@CheckReturnValue
public final class Diagnostics {
    private final String client;
    private final Scheduler user;
    private final EventStream stream;
    private final @Nullable LoggingRecorder log;
    private final EvidenceKeeper evidence = new EvidenceKeeper();
    private final Recorder recorder;
    private volatile @Nullable Watched watched;

    // Keeps the readings: recorders may hold them weakly, as gauges of Micrometer do.
    private record Watched(
            Ticker ticker, Consumers consumers, Publishing publishing, BrokerSession session, BrokerReadings broker) {}

    /**
     * Diagnostics of a client.
     *
     * @param client the name of the instance
     * @param user where answers and events are signalled
     * @param others who else is to be told
     * @param log who writes lines; null for nobody
     */
    public Diagnostics(String client, Scheduler user, List<Recorder> others, @Nullable LoggingRecorder log) {
        this.client = client;
        this.user = user;
        this.log = log;
        this.stream = new EventStream(user);
        List<Recorder> all = new ArrayList<>(others);
        all.add(evidence);
        all.add(stream);
        if (log != null) {
            all.add(log);
        }
        Recorder flight = FlightEvents.recorder();
        if (flight != Recorder.NONE) {
            all.add(flight);
        }
        this.recorder = new EventfulRecorder(all, client);
    }

    /** The name of the instance. */
    public String client() {
        return client;
    }

    /** The recorder that the client's parts report to: the given ones, and those that are kept here. */
    public Recorder recorder() {
        return recorder;
    }

    /** The clock that is read from now on. Once, before any part reports. */
    public void read(Ticker ticker, Scheduler time) {
        if (log != null) {
            log.read(ticker, time);
        }
    }

    /** The parts that are looked at. Once, when the client is built. */
    @Internal
    public void watch(Ticker ticker, Consumers consumers, Publishing publishing, BrokerSession session) {
        Watched parts = new Watched(ticker, consumers, publishing, session, readingsOf(session));
        watched = parts;
        evidence.read(ticker);
        recorder.watching(publishing);
        recorder.watching(parts.broker());
    }

    private static BrokerReadings readingsOf(BrokerSession session) {
        return new BrokerReadings() {
            @Override
            public boolean isReachable() {
                return session.health().reachable();
            }

            @Override
            public Duration unheard() {
                return session.unheard();
            }
        };
    }

    /** The events from now on; see {@link EventStream#events()}. */
    public Flux<MessagingEvent> events() {
        return stream.events();
    }

    /** The last deliveries that were lost or stalled, each as it stood at that moment. Taken at once. */
    public EvidenceLog evidence() {
        return evidence.log();
    }

    /**
     * What the client holds at the instant of subscription: each group is asked in its own turn, the rest is done on
     * the user scheduler. Nothing is held up by it.
     *
     * @param limit how many deliveries to show, 1 to {@value ClientSnapshot#PAGE_MAX}
     * @param cursor where to go on, as the page before told; null for the first page
     * @return errors with {@code BAD_SETTING} for a limit out of bounds or a cursor that is none
     */
    public Mono<ClientSnapshot> snapshot(int limit, @Nullable String cursor) {
        return Mono.defer(() -> {
            Page page = Page.of(limit, cursor);
            Watched parts = watched();
            return parts.consumers()
                    .inspect()
                    .collectList()
                    .publishOn(user)
                    .map(holdings -> assemble(holdings, page, parts));
        });
    }

    private Watched watched() {
        Watched parts = watched;
        if (parts == null) {
            throw new MessagingException(
                    ErrorCode.INTERNAL, "the client is not built yet", client, "ask it when it is");
        }
        return parts;
    }

    private ClientSnapshot assemble(List<GroupHoldings> holdings, Page page, Watched parts) {
        List<GroupCounts> groups = new ArrayList<>(holdings.size());
        for (GroupHoldings group : holdings) {
            page.add(group);
            groups.add(group.counts());
        }
        groups.sort(Comparator.comparing(GroupCounts::group));
        long now = parts.ticker().nanos();
        List<HeldReport> held =
                page.items().stream().map(item -> item.report(now)).toList();
        return new ClientSnapshot(
                client,
                groups,
                held,
                page.next(),
                EvidenceKeeper.counts(parts.publishing()),
                parts.session().health());
    }

    /** The client is closed: nothing more happens. */
    public void complete() {
        recorder.closed();
        stream.complete();
        if (log != null) {
            log.complete();
        }
    }
}
