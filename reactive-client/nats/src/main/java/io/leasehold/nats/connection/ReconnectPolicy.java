package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Backoff;
import java.util.Random;

/**
 * Whom to try next, when, and when to give up. The first attempt after a good connection comes at once but for some
 * jitter, the other servers of a round follow at once, and each further round is preceded by a growing delay. A
 * connection that did not last counts as a failure, so that a server that welcomes and throws out is not stormed.
 */
final class ReconnectPolicy {
    private static final long NEVER = Long.MIN_VALUE;

    private final ServerPool pool;
    private final Backoff backoff;
    private final boolean failFast;
    private final Random random;
    private final long refusedForNanos;
    private long epochs;
    private boolean secured;
    private boolean everWelcomed;
    private boolean welcomed;
    private long welcomedAt;
    private long refusedSince = NEVER;
    private int rounds;

    ReconnectPolicy(ConnectionSettings settings, Random random) {
        this.pool = new ServerPool(settings.servers(), random);
        this.backoff = settings.timeouts().reconnect();
        this.failFast = settings.options().failFast();
        this.refusedForNanos = settings.options().refusedFor().toNanos();
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

    void welcomed(long now, ServerPool.Entry server, boolean underTls) {
        pool.worked(server);
        secured |= underTls;
        everWelcomed = true;
        welcomed = true;
        welcomedAt = now;
        refusedSince = NEVER;
    }

    /** Whether this round has servers that were not tried yet. */
    boolean hasNext() {
        return !pool.isRoundOver();
    }

    /**
     * Whether there is no use in trying again, when no attempt is under way any more. That credentials are refused is
     * no proof: whoever changes them does so on both sides, one after the other.
     */
    boolean isHopeless(long now, MessagingException reason) {
        if (failFast && !everWelcomed && pool.isRoundOver()) {
            return true;
        }
        if (reason.code() != ErrorCode.NOT_PERMITTED) {
            return false;
        }
        refusedSince = refusedSince == NEVER ? now : refusedSince;
        return refusedForNanos > 0 && now - refusedSince >= refusedForNanos;
    }

    /** How long to wait after a link has ended, in nanoseconds. */
    long delayNanos(long now) {
        boolean lasted = welcomed && now - welcomedAt >= backoff.maxNanos();
        boolean shortLived = welcomed && !lasted;
        welcomed = false;
        if (lasted) {
            rounds = 0;
            return (long) (backoff.delayNanos(1, random.nextDouble()) * random.nextDouble());
        }
        if (!shortLived && !pool.isRoundOver()) {
            return 0;
        }
        rounds = Math.min(rounds + 1, 1_000);
        return backoff.delayNanos(rounds, random.nextDouble());
    }
}
