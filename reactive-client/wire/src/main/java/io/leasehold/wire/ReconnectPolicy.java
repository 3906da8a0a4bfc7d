package io.leasehold.wire;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.pace.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Decides which server is tried next, when, and when to give up. The first attempt after a good connection comes at
 * once but for some jitter, the other servers of a round follow at once, and each further round is preceded by a
 * growing delay. A connection that did not last counts as a failure, so that a server that welcomes and throws out is
 * not stormed.
 */
public final class ReconnectPolicy {
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

    /**
     * Makes the policy of a connection that has not been up yet.
     *
     * @param servers those that were configured; one or more
     * @param backoff the delays between rounds over all servers
     * @param failFast whether to give up when no server could be connected to in the first round
     * @param refusedFor after how long of being refused for who we are to give up; zero for never
     */
    public ReconnectPolicy(
            List<ServerAddress> servers, Backoff backoff, boolean failFast, Duration refusedFor, Random random) {
        this.pool = new ServerPool(servers, random);
        this.backoff = backoff;
        this.failFast = failFast;
        this.refusedForNanos = refusedFor.toNanos();
        this.random = random;
    }

    /** Takes the server that is to be tried next. */
    public ServerPool.Entry next() {
        return pool.take();
    }

    /** Takes another server than one that is about to go; the same when there is no other. */
    public ServerPool.Entry nextBut(ServerPool.Entry leaving) {
        ServerPool.Entry next = pool.take();
        for (int i = pool.size(); i > 1 && next.address().equals(leaving.address()); i--) {
            next = pool.take();
        }
        return next;
    }

    /**
     * Takes over the servers that a server told of, unless it told of none.
     *
     * @param secured whether the teller was heard under TLS: then so must be those that it told of
     */
    public void learn(List<ServerAddress> told, ServerPool.Entry teller, boolean secured) {
        if (!told.isEmpty()) {
            ServerAddress address = teller.address();
            ServerAddress as = new ServerAddress(address.host(), address.port(), address.tls() || secured);
            pool.learn(told, new ServerPool.Entry(as, teller.certifiedName(), teller.learnt()));
        }
    }

    /** Numbers the next attempt; later attempts have larger numbers. */
    public long nextEpoch() {
        return ++epochs;
    }

    /** Tells whether any server was talked to under TLS. */
    public boolean wasSecured() {
        return secured;
    }

    /**
     * Notes that a server has welcomed us.
     *
     * @param now what the client's clock says, in nanoseconds
     */
    public void welcomed(long now, ServerPool.Entry server, boolean underTls) {
        pool.worked(server);
        secured |= underTls;
        everWelcomed = true;
        welcomed = true;
        welcomedAt = now;
        refusedSince = NEVER;
    }

    /** Tells whether this round has servers that were not tried yet. */
    public boolean hasNext() {
        return !pool.isRoundOver();
    }

    /**
     * Tells whether there is no use in trying again, when no attempt is under way any more. That credentials are
     * refused is no proof: whoever changes them does so on both sides, one after the other.
     */
    public boolean isHopeless(long now, MessagingException reason) {
        if (failFast && !everWelcomed && pool.isRoundOver()) {
            return true;
        }
        if (reason.code() != ErrorCode.NOT_PERMITTED) {
            return false;
        }
        refusedSince = refusedSince == NEVER ? now : refusedSince;
        return refusedForNanos > 0 && now - refusedSince >= refusedForNanos;
    }

    /**
     * Draws the pause before the next attempt, in nanoseconds; to be called once for each link that has ended.
     *
     * @param now what the client's clock says, in nanoseconds
     */
    public long delayNanos(long now) {
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
