package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.pace.Burst;
import io.leasehold.wire.Alarm;
import io.leasehold.wire.ConnectionContext;
import io.leasehold.wire.ConnectionLoop;
import io.leasehold.wire.ConnectionState;
import io.leasehold.wire.Link;
import io.leasehold.wire.OutboundQueue;
import io.leasehold.wire.ReconnectPolicy;
import io.leasehold.wire.RoundTrip;
import io.leasehold.wire.ServerPool;
import io.leasehold.wire.TcpConnector;
import io.leasehold.wire.WireProtocol;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keeps a connection: dials, takes over what a link has become, spreads what it reads, and dials again. All of it on
 * the connection's own thread; see {@link ConnectionState} for the drawing.
 *
 * <p>There is one link that counts: the first of those that are dialled which is welcomed; the others are hung up. The
 * next server is dialled beside one that is silent, as RFC 8305 has it for addresses. While the server of the link is
 * leaving others are dialled in the same way, and the one that is welcomed takes its place; requests that are open then
 * end unknown.
 *
 * <p>One object for each connection, 80 bytes with compressed references:
 *
 * <pre>
 *     0  header 12 | loop 4 | dialledAt 8
 *    24  settings 4 | listener 4 | outbound 4 | requests 4 | subscriptions 4 | answers 4    what it spreads to
 *    48  policy 4 | retry 4 | requestTimeouts 4 | ends 4 | beside 4 | attempts 4            whom it dials, and when
 *    72  link 4 | status 4                                                                  the one that counts
 * </pre>
 */
final class ReconnectingConnection implements LinkHost {
    /** How long a server may be silent before the next one is dialled beside it (RFC 8305, section 5). */
    static final long SILENCE_NANOS = 250_000_000;

    /** And one that has greeted us, but is not done. */
    static final long SLOWNESS_NANOS = 1_000_000_000;

    private final ConnectionLoop loop;
    private final ConnectionSettings settings;
    private final ConnectionListener listener;
    private final OutboundQueue outbound;
    private final RequestTable requests;
    private final SubscriptionTable subscriptions;
    private final Subscription answers;
    private final ReconnectPolicy policy;
    private final Alarm retry;
    private final RequestTimeouts requestTimeouts;
    private final Ends ends = new Ends();
    private final Alarm beside;
    private final List<NatsLink> attempts = new ArrayList<>();
    private @Nullable NatsLink link;
    private long dialledAt;
    private volatile ConnectionStatus status;

    /** What others wait for. */
    private static final class Ends {
        private final Sinks.Empty<Void> ready = Sinks.empty();
        private final Sinks.Empty<Void> closed = Sinks.empty();
    }

    /**
     * One that is not begun yet.
     *
     * @param inboxes where answers are listened to
     */
    ReconnectingConnection(
            ConnectionSettings settings, ConnectionContext context, ConnectionListener listener, Inboxes inboxes) {
        this.settings = settings;
        this.listener = listener;
        this.loop = ConnectionLoop.start(ConnectionSettings.PROTOCOL, context, settings.nativeTransport());
        this.status = ConnectionStatus.first(loop.nanos());
        this.outbound = new OutboundQueue(settings.pendingBytes(), loop, this::drain);
        this.requests = new RequestTable(settings.requests(), inboxes.answers(), loop, new RoundTrip());
        // One more: the subscription for answers is ours.
        this.subscriptions = new SubscriptionTable(settings.subscriptions() + 1, outbound, loop);
        this.answers = new Subscription(subscriptions, Subject.filter(requests.inbox()), null, new Answers());
        subscriptions.add(answers);
        this.policy = new ReconnectPolicy(
                settings.servers(),
                settings.timeouts().reconnect(),
                settings.failFast(),
                settings.refusedFor(),
                new Random());
        this.retry = new Alarm(loop, this::retry);
        this.beside = new Alarm(loop, this::beside);
        this.requestTimeouts = new RequestTimeouts(loop, requests, outbound, this::onTheWay, this::roomAgain);
    }

    OutboundQueue outbound() {
        return outbound;
    }

    RequestTable requests() {
        return requests;
    }

    SubscriptionTable subscriptions() {
        return subscriptions;
    }

    ConnectionStatus status() {
        return status;
    }

    long unheardNanos() {
        return status.unheardNanos(loop.nanos());
    }

    ConnectionLoop loop() {
        return loop;
    }

    Mono<Void> ready() {
        return ends.ready.asMono();
    }

    Mono<Void> closed() {
        return ends.closed.asMono();
    }

    /** Where the answers to requests come in. */
    private final class Answers implements MessageHandler {
        @Override
        public void message(MessageFrame frame) {
            if (!requests.answer(frame)) {
                report(Kind.LATE_ANSWER, WireProtocol.printable(frame.subject()), null, "a request that had ended");
            }
        }

        @Override
        public void failed(MessagingException why) {
            // Its requests are told one by one.
        }
    }

    // ---- dialling

    void start() {
        dial(policy.next());
    }

    private void dial(ServerPool.Entry server) {
        TcpConnector connector = new TcpConnector(
                loop, settings.tls(), settings.timeouts(), server, policy.nextEpoch(), policy.wasSecured());
        NatsLink fresh = new NatsLink(this, loop, connector, settings, requests);
        attempts.add(fresh);
        dialledAt = loop.nanos();
        beside.at(dialledAt + SILENCE_NANOS);
        loop.execute(fresh::dial);
    }

    /** Dials the next one of this round, when the one that was dialled last says nothing. */
    private void beside() {
        if (attempts.isEmpty()) {
            return;
        }

        NatsLink last = attempts.get(attempts.size() - 1);
        long patience = last.isSilent() ? SILENCE_NANOS : SLOWNESS_NANOS;
        if (loop.nanos() - dialledAt < patience) {
            beside.at(dialledAt + patience);
        } else if (policy.hasNext()) {
            dial(next());
        } else if (attempts.size() < last.addresses()) {
            dial(last.server());
        }
    }

    private ServerPool.Entry next() {
        NatsLink leaving = link;
        return leaving == null ? policy.next() : policy.nextBut(leaving.server());
    }

    private void retry() {
        if (status.state() == ConnectionState.WAITING) {
            status = status.to(ConnectionState.CONNECTING);
            start();
        } else if (status.state() == ConnectionState.UP) {
            leave();
        } else if (status.state() == ConnectionState.CLOSING) {
            finish(closing());
        }
    }

    /** Has another server dialled while the present one is about to go; behind one address there may be several. */
    private void leave() {
        NatsLink leaving = link;
        boolean may = attempts.isEmpty() && status.state() == ConnectionState.UP;
        if (may && leaving != null && leaving.info().isLeaving()) {
            dial(policy.nextBut(leaving.server()));
        }
    }

    private void stay() {
        hangUpAttempts(unknown("the server stays"));
        retry.off();
    }

    private void hangUpAttempts(MessagingException why) {
        beside.off();
        List<NatsLink> given = List.copyOf(attempts);
        attempts.clear();
        given.forEach(attempt -> attempt.retire(why, false));
    }

    // ---- what a link tells

    @Override
    public void welcomed(NatsLink fresh) {
        if (!attempts.remove(fresh)) {
            return;
        }

        if (link != null && isSame(fresh, link)) {
            fresh.retire(unknown("it is the server that is about to go"), false);
            notYet();
            return;
        }

        hangUpAttempts(unknown("another server was sooner"));
        supersede(fresh);
        policy.welcomed(loop.nanos(), fresh.server(), fresh.isSecured());
        learn(fresh);
        requests.permit();
        subscribeAgain(fresh);
        status = status.to(ConnectionState.UP).with(fresh);
        report(Kind.CONNECTED, fresh.toString(), null, fresh.info().toString());
        loop.guarded(() -> listener.up(fresh.epoch(), fresh.info()));
        ends.ready.tryEmitEmpty();
        drain();
    }

    private static boolean isSame(NatsLink fresh, NatsLink leaving) {
        return fresh.server().address().equals(leaving.server().address())
                && fresh.info().id().equals(leaving.info().id());
    }

    private void supersede(NatsLink fresh) {
        NatsLink old = link;
        link = fresh;
        if (old != null) {
            MessagingException moved = unknown("the server is about to go, and another one took its place");
            old.retire(moved, false);
            requests.endAll(moved);
            loop.guarded(() -> listener.down(old.epoch(), moved));
        }
    }

    private void subscribeAgain(NatsLink fresh) {
        // One write: what waits in the queue may go in between two, and its answer needs its subscription.
        ByteBuf out = fresh.allocate(Link.BUFFER_BYTES);
        subscriptions.forEach(subscription -> SubscriptionMark.write(subscription, fresh.epoch(), out));
        fresh.write(out);
        fresh.flush();
    }

    @Override
    public void told(NatsLink teller) {
        if (teller != link) {
            return;
        }

        boolean knew = status.server().isLeaving();
        status = status.with(teller);
        learn(teller);
        if (teller.info().isLeaving() && !knew) {
            report(Kind.SERVER_LEAVING, teller.toString(), null, teller.info().toString());
            loop.guarded(listener::leaving);
            leave();
        } else if (knew && !teller.info().isLeaving()) {
            stay();
        }
    }

    private void learn(NatsLink teller) {
        if (settings.discoverServers()) {
            policy.learn(teller.info().told(), teller.server(), teller.isSecured());
            if (teller.info().toldInVain() > 0) {
                report(
                        Kind.SERVER_COMPLAINED,
                        teller.toString(),
                        ErrorCode.BAD_SETTING,
                        teller.info().toldInVain() + " of the addresses that it tells of are none");
            }
        }
    }

    @Override
    public void message(NatsLink from, MessageFrame frame) {
        Subscription subscription = subscriptions.get(frame.sid());
        if (from != link || subscription == null) {
            return;
        }
        try {
            subscription.message(frame);
        } catch (Throwable fault) {
            loop.fault(fault);
        }
    }

    // Answers are read while they are handed up.
    @Override
    public boolean keeps(int sid) {
        return sid != answers.sid;
    }

    @Override
    public void complained(NatsLink from, ServerError error) {
        if (from != link) {
            return;
        }

        MessagingException why = error.toException(from.toString());
        switch (error.kind()) {
            case PUBLISH_DENIED -> {
                if (!requests.deny(error.subject(), why)) {
                    loop.guarded(() -> listener.denied(error.subject(), why));
                }
            }
            case SUBSCRIPTION_DENIED -> denied(error, why);
            default -> {}
        }
        report(MessagingEvent.because(Kind.SERVER_COMPLAINED, why.subject(), why));
    }

    private void denied(ServerError error, MessagingException why) {
        if (error.subject().equals(requests.inbox())) {
            requests.deny(why);
        } else {
            subscriptions.fail(error, why);
        }
    }

    @Override
    public void paused(NatsLink at) {
        if (at == link) {
            drain();
        }
    }

    // Settlements that are over when they are written are looked at together.
    private void drain() {
        NatsLink present = link;
        if (present != null && present.isUp()) {
            Burst.begin();
            try {
                outbound.drain(present);
            } finally {
                loop.guarded(Burst::end);
            }
            roomAgain();
        }
        requestTimeouts.watch();
    }

    private void roomAgain() {
        if (outbound.hasRoomAgain()) {
            loop.guarded(listener::writable);
        }
    }

    private long onTheWay(long position) {
        NatsLink present = link;
        return present == null ? 0 : present.onTheWayNanos(position);
    }

    // ---- the end of a link

    @Override
    public void ended(NatsLink gone, MessagingException reason) {
        if (attempts.remove(gone)) {
            failed(gone, reason);
        } else if (gone == link) {
            link = null;
            lost(gone, reason);
        }
    }

    private void failed(NatsLink gone, MessagingException reason) {
        report(MessagingEvent.because(Kind.CONNECT_FAILED, gone.toString(), reason));
        if (link == null) {
            status = status.after(gone + ": " + reason.what());
        }
        if (!attempts.isEmpty()) {
            beside.off();
            dialledAt = loop.nanos() - SLOWNESS_NANOS;
            beside();
        } else if (link != null) {
            notYet();
        } else {
            goOn(reason);
        }
    }

    /** No other server could be reached yet. */
    private void notYet() {
        if (attempts.isEmpty()) {
            retry.at(loop.nanos() + policy.delayNanos(loop.nanos()));
        }
    }

    private void lost(NatsLink gone, MessagingException reason) {
        status = status.after(gone + ": " + reason.what()).lostAt(loop.nanos());
        report(MessagingEvent.because(Kind.DISCONNECTED, gone.toString(), reason));
        requests.endAll(unknown(reason.what()));
        loop.guarded(() -> listener.down(gone.epoch(), reason));
        if (status.state() == ConnectionState.CLOSING) {
            finish(closing());
        } else if (attempts.isEmpty()) {
            goOn(reason);
        } else {
            status = status.to(ConnectionState.WAITING).to(ConnectionState.CONNECTING);
        }
    }

    private void goOn(MessagingException reason) {
        status = status.to(ConnectionState.WAITING);
        beside.off();
        retry.off();
        if (policy.isHopeless(loop.nanos(), reason)) {
            finish(reason);
        } else {
            retry.at(loop.nanos() + policy.delayNanos(loop.nanos()));
        }
    }

    private static MessagingException unknown(String what) {
        return new MessagingException(
                ErrorCode.UNKNOWN,
                "the connection ended before the answer came: " + what,
                "nats",
                "find out whether it happened, or repeat it under the same id");
    }

    // ---- what others want

    /** Drops the present connection, or ends the present wait. */
    void reconnect(String reason, boolean abort) {
        NatsLink present = link;
        if (status.state() == ConnectionState.CLOSING || status.state() == ConnectionState.CLOSED) {
            return;
        }

        if (present != null) {
            present.end(
                    new MessagingException(
                            ErrorCode.DISCONNECTED,
                            "the connection was given up: " + WireProtocol.printable(reason),
                            present.toString(),
                            "nothing: we connect again"),
                    abort);
        } else if (attempts.isEmpty()) {
            retry.off();
            retry();
        }
    }

    /** Has the server send nothing more; completes when all that it had sent was handed up. */
    void drain(Sinks.Empty<Void> done) {
        outbound.force(new DrainMark(subscriptions, this::eachButAnswers, done));
    }

    private void eachButAnswers(Consumer<Subscription> each) {
        subscriptions.forEach(subscription -> {
            if (subscription != answers) {
                each.accept(subscription);
            }
        });
    }

    void close() {
        NatsLink present = link;
        if (status.state() == ConnectionState.CLOSING || status.state() == ConnectionState.CLOSED) {
            return;
        }

        if (present == null || !present.isUp()) {
            finish(closing());
            return;
        }

        status = status.to(ConnectionState.CLOSING);
        hangUpAttempts(closing());
        retry.off();
        retry.at(loop.nanos() + settings.timeouts().closeTimeout().toNanos());
        Sinks.Empty<Void> flushed = Sinks.empty();
        flushed.asMono()
                .subscribe(nothing -> {}, error -> loop.execute(() -> finish(closing())), () -> finish(closing()));
        outbound.force(new FlushMark(flushed));
    }

    private static MessagingException closing() {
        return new MessagingException(ErrorCode.CLOSED, "the connection is closed", "nats", "open another one");
    }

    private void finish(MessagingException reason) {
        if (status.state() == ConnectionState.CLOSED) {
            return;
        }

        status = status.to(ConnectionState.CLOSED);
        retry.off();
        requestTimeouts.stop();
        hangUp(link, reason);
        hangUpAttempts(reason);
        outbound.shut(reason);
        requests.endAll(unknown(reason.what()));
        subscriptions.failAll(reason);
        ends.ready.tryEmitError(reason);
        loop.guarded(() -> listener.closed(reason));
        loop.leave().subscribe(nothing -> {}, ends.closed::tryEmitError, ends.closed::tryEmitEmpty);
    }

    private static void hangUp(@Nullable NatsLink link, MessagingException reason) {
        if (link != null) {
            link.retire(reason, false);
        }
    }

    private void report(Kind kind, String subject, @Nullable ErrorCode code, String detail) {
        report(new MessagingEvent(kind, subject, code, Map.of("detail", detail)));
    }

    private void report(MessagingEvent event) {
        loop.guarded(() -> loop.context().recorder().event(event));
    }
}
