package io.leasehold.broker;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.BrokerRules;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a broker can do, and by that what the client does in its place. Immutable; made in named steps from {@link
 * #fenced()} or {@link #unfenced}, each of which takes something away or states a number:
 *
 * <pre>{@code
 * Capabilities.unfenced(Duration.ofSeconds(1)).duplicateWindow(Duration.ofMinutes(2))
 * }</pre>
 *
 * Each one has code in the client that heeds it, a mode of the embedded broker that plays it, and tests in the broker
 * contract that are chosen by it.
 */
public final class Capabilities {
    private final boolean fenced;
    private final Duration crashAllowance;
    private final boolean delaysNaks;
    private final boolean leasesEndWithConnection;
    private final Duration duplicateWindow;

    private Capabilities(Draft draft) {
        this.fenced = draft.fenced;
        this.crashAllowance = draft.crashAllowance;
        this.delaysNaks = draft.delaysNaks;
        this.leasesEndWithConnection = draft.leasesEndWithConnection;
        this.duplicateWindow = draft.duplicateWindow;
    }

    /** Capabilities in the making. */
    private static final class Draft {
        private boolean fenced = true;
        private Duration crashAllowance = Duration.ZERO;
        private boolean delaysNaks = true;
        private boolean leasesEndWithConnection;
        private Duration duplicateWindow = Duration.ZERO;
    }

    /**
     * A broker that does all that a client may want, but does not recognise ids of messages: it refuses settlements and
     * touches that come with an old receipt, and a restart of it cuts nothing off a lease.
     */
    public static Capabilities fenced() {
        return new Capabilities(new Draft());
    }

    /**
     * A broker that does the same, but settles and touches for whoever names a message.
     *
     * @param crashAllowance B: how much a restart of the broker may cut off a lease; zero or more
     * @throws MessagingException {@code BAD_SETTING} when the allowance is negative
     */
    public static Capabilities unfenced(Duration crashAllowance) {
        return fenced().with(draft -> draft.fenced = false).crashAllowance(crashAllowance);
    }

    private Capabilities with(Consumer<Draft> step) {
        Draft draft = new Draft();
        draft.fenced = fenced;
        draft.crashAllowance = crashAllowance;
        draft.delaysNaks = delaysNaks;
        draft.leasesEndWithConnection = leasesEndWithConnection;
        draft.duplicateWindow = duplicateWindow;
        step.accept(draft);
        return new Capabilities(draft);
    }

    private static Duration require(String name, Duration value) {
        if (value.isNegative()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a broker says that its " + name + " is " + value,
                    "Capabilities." + name,
                    "have the broker say zero or more");
        }
        return value;
    }

    /**
     * The same, with another B.
     *
     * @param allowance how much a restart of the broker may cut off a lease; zero or more
     * @throws MessagingException {@code BAD_SETTING} when it is negative
     */
    public Capabilities crashAllowance(Duration allowance) {
        return with(draft -> draft.crashAllowance = require("crashAllowance", allowance));
    }

    /**
     * The same, for a broker that hands out at once what is given back, whatever delay is asked for: the client holds a
     * message until its delay is over, touched, and then gives it back. Such messages are in the client's snapshot; while
     * 1,000 of a group are held nothing more is taken.
     */
    public Capabilities withoutNakDelay() {
        return with(draft -> draft.delaysNaks = false);
    }

    /**
     * The same, for a broker that hands out what a connection or session holds as soon as it ends: its leases end with
     * it as {@code CONNECTION_LOST}, when the {@linkplain DeliverySink#connectionLost() port tells so}. What a handler
     * does between the instant at which the broker notices the end and that at which the client does is not covered by
     * its lease; the fencing token is.
     */
    public Capabilities withLeasesOfTheConnection() {
        return with(draft -> draft.leasesEndWithConnection = true);
    }

    /**
     * The same, for a broker that recognises the id of a message.
     *
     * @param window for how long; zero for not at all
     * @throws MessagingException {@code BAD_SETTING} when it is negative
     */
    public Capabilities duplicateWindow(Duration window) {
        return with(draft -> draft.duplicateWindow = require("duplicateWindow", window));
    }

    /** Whether the broker refuses settlements and touches that come with an old receipt. */
    public boolean isFenced() {
        return fenced;
    }

    /** B: how much a restart of the broker may cut off a lease. */
    public Duration crashAllowance() {
        return crashAllowance;
    }

    /** For how long the broker recognises the id of a message; zero when it does not. */
    public Duration duplicateWindow() {
        return duplicateWindow;
    }

    /** Whether the broker hands a message that was given back out after a delay. */
    public boolean delaysNaks() {
        return delaysNaks;
    }

    /** Whether leases end with the connection or session that they were granted over. */
    public boolean leasesEndWithConnection() {
        return leasesEndWithConnection;
    }

    /** What of it concerns leases. */
    public BrokerRules rules() {
        return new BrokerRules(fenced, crashAllowance.toNanos(), delaysNaks);
    }

    private List<Object> values() {
        return List.of(fenced, crashAllowance, delaysNaks, leasesEndWithConnection, duplicateWindow);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Capabilities that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "Capabilities" + values();
    }
}
