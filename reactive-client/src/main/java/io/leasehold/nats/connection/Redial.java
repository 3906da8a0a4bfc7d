package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Backoff;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Whom to try next, when, and when to give up. The first attempt after a good connection comes at once but for some
 * jitter, the other servers of a round follow at once, and each further round is preceded by a growing delay. A
 * connection that did not last counts as a failure, so that a server that welcomes and throws out is not stormed.
 */
final class Redial {
    private static final int REFUSALS_AT_FIRST = 2;
    // Who was welcome before may be in the middle of changing credentials.
    private static final int REFUSALS_LATER = 10;

    private final ServerPool pool;
    private final Backoff backoff;
    private final boolean failFast;
    private final Random random;
    private final Map<ServerAddress, Integer> refusals = new HashMap<>();
    private long epochs;
    private boolean secured;
    private boolean everWelcomed;
    private boolean welcomed;
    private long welcomedAt;
    private int rounds;

    Redial(ConnectionSettings settings, Random random) {
        this.pool = new ServerPool(settings.servers(), random);
        this.backoff = settings.rhythm().reconnect();
        this.failFast = settings.habits().failFast();
        this.random = random;
    }

    ServerPool.Entry next() {
        return pool.take();
    }

    /** Another one than a server that is about to go; the same when there is no other. */
    ServerPool.Entry nextBut(ServerPool.Entry leaving) {
        ServerPool.Entry next = pool.take();
        for (int i = pool.size(); i > 1 && next.address().equals(leaving.address()); i--) {
            next = pool.take();
        }
        return next;
    }

    void learn(ServerInfo info, ServerPool.Entry teller, boolean secured) {
        if (!info.told().isEmpty()) {
            ServerAddress address = teller.address();
            ServerAddress as = new ServerAddress(address.host(), address.port(), address.tls() || secured);
            pool.learn(info.told(), new ServerPool.Entry(as, teller.certifiedName(), teller.learnt()));
        }
    }

    /** The number of the next attempt: later ones are larger. */
    long nextEpoch() {
        return ++epochs;
    }

    /** Whether a server was talked to under TLS. */
    boolean wasSecured() {
        return secured;
    }

    void welcomed(long now, boolean underTls) {
        secured |= underTls;
        everWelcomed = true;
        welcomed = true;
        welcomedAt = now;
        refusals.clear();
    }

    /** Whether there is no use in trying again. */
    boolean isHopeless(ServerPool.Entry server, MessagingException reason) {
        if (reason.code() == ErrorCode.NOT_PERMITTED) {
            refusals.merge(server.address(), 1, Integer::sum);
        }
        int most = everWelcomed ? REFUSALS_LATER : REFUSALS_AT_FIRST;
        refusals.keySet().retainAll(pool.addresses());
        long refusing =
                refusals.values().stream().filter(count -> count >= most).count();
        return refusing >= pool.size() || (failFast && !everWelcomed && pool.isRoundOver());
    }

    /** How long to wait after a link has ended, in nanoseconds. */
    long delayNanos(long now) {
        boolean lasted = welcomed && now - welcomedAt >= backoff.maxNanos();
        welcomed = false;
        if (lasted) {
            rounds = 0;
            return (long) (backoff.delayNanos(1, random.nextDouble()) * random.nextDouble());
        }
        if (!pool.isRoundOver()) {
            return 0;
        }
        rounds = Math.min(rounds + 1, 1_000);
        return backoff.delayNanos(rounds, random.nextDouble());
    }
}
