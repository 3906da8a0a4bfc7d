package io.leasehold.broker;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.BrokerRules;
import io.leasehold.lease.LeaseTime;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
 * contract that are chosen by it. There is one for each session, 56 bytes with compressed references: {@code
 * deliveriesMax} at 12, seven flags from 16 on, nine references from 24 on.
 */
@CheckReturnValue
public final class Capabilities {
    /** Is a {@link #holdMax()} for a broker that lets a lease be held for as long as it is touched. */
    public static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE);

    /** Is a {@link #deliveriesMax()} for a broker that hands a message out as often as it takes. */
    public static final int DELIVERIES_UNLIMITED = Integer.MAX_VALUE;

    private final Fencing fencing;
    private final Duration crashAllowance;
    private final boolean delaysNaks;
    private final boolean leasesEndWithConnection;
    private final boolean answersAll;
    private final Duration duplicateWindow;
    private final Duration leaseTimeMin;
    private final Duration leaseTimeMax;
    private final boolean renewsLeases;
    private final Duration holdMax;
    private final int deliveriesMax;
    private final boolean tellsGivenUp;
    private final Set<StartPosition.Kind> startPositions;
    private final boolean takesWildcards;
    private final Tokens tokens;
    private final boolean recognisesOwnRepetitions;

    private Capabilities(Draft draft) {
        this.fencing = draft.fencing;
        this.answersAll = draft.answersAll;
        this.crashAllowance = draft.crashAllowance;
        this.delaysNaks = draft.delaysNaks;
        this.leasesEndWithConnection = draft.leasesEndWithConnection;
        this.duplicateWindow = draft.duplicateWindow;
        this.leaseTimeMin = draft.leaseTimeMin;
        this.leaseTimeMax = draft.leaseTimeMax;
        this.renewsLeases = draft.renewsLeases;
        this.holdMax = draft.holdMax;
        this.deliveriesMax = draft.deliveriesMax;
        this.tellsGivenUp = draft.tellsGivenUp;
        this.startPositions = draft.startPositions;
        this.takesWildcards = draft.takesWildcards;
        this.tokens = draft.tokens;
        this.recognisesOwnRepetitions = draft.recognisesOwnRepetitions;
    }

    /** What becomes of a settlement or touch that comes with an old receipt. */
    public enum Fencing {
        /** It is refused. */
        TOLD,
        /** It is ignored, and answered as if it were done. */
        SILENT,
        /** It is done. */
        NONE
    }

    /** What the tokens of deliveries say. */
    public enum Tokens {
        /** They grow with each delivery of a message, and those of a group that is made anew are larger. */
        IN_GROUP,
        /** They grow with each delivery of a message; those of a group that is made anew may be as before. */
        PER_MESSAGE,
        /** There are none: of two deliveries of a message the one that was received later is the newer one. */
        NONE
    }

    /** What becomes of a publish that is repeated since nobody knows whether the broker has it. */
    public enum Repeats {
        /** It is recognised by its id, within the {@link #duplicateWindow()}, whoever sends it. */
        BY_ID,
        /** It is recognised when the same session sends the same item again; an id of the user's says nothing. */
        BY_SESSION,
        /** It is stored again. */
        NONE
    }

    /** Capabilities in the making. */
    private static final class Draft {
        private Fencing fencing = Fencing.TOLD;
        private boolean answersAll = true;
        private Duration crashAllowance = Duration.ZERO;
        private boolean delaysNaks = true;
        private boolean leasesEndWithConnection;
        private Duration duplicateWindow = Duration.ZERO;
        private Duration leaseTimeMin = Duration.ofNanos(1);
        private Duration leaseTimeMax = LeaseTime.LIMIT;
        private boolean renewsLeases = true;
        private Duration holdMax = UNLIMITED;
        private int deliveriesMax = DELIVERIES_UNLIMITED;
        private boolean tellsGivenUp = true;
        private Set<StartPosition.Kind> startPositions = EnumSet.allOf(StartPosition.Kind.class);
        private boolean takesWildcards = true;
        private Tokens tokens = Tokens.IN_GROUP;
        private boolean recognisesOwnRepetitions;
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
        return fenced().with(draft -> draft.fencing = Fencing.NONE).crashAllowance(crashAllowance);
    }

    /**
     * A broker that ignores settlements and touches that come with an old receipt, and answers them as if it had done
     * them; holders are told when their leases run out. An answer is no proof there: work that goes on after its own
     * ack ends by the deadline of its lease.
     */
    public static Capabilities silentlyFenced() {
        return fenced().with(draft -> draft.fencing = Fencing.SILENT);
    }

    private Capabilities with(Consumer<Draft> step) {
        Draft draft = new Draft();
        draft.fencing = fencing;
        draft.answersAll = answersAll;
        draft.crashAllowance = crashAllowance;
        draft.delaysNaks = delaysNaks;
        draft.leasesEndWithConnection = leasesEndWithConnection;
        draft.duplicateWindow = duplicateWindow;
        draft.leaseTimeMin = leaseTimeMin;
        draft.leaseTimeMax = leaseTimeMax;
        draft.renewsLeases = renewsLeases;
        draft.holdMax = holdMax;
        draft.deliveriesMax = deliveriesMax;
        draft.tellsGivenUp = tellsGivenUp;
        draft.startPositions = startPositions;
        draft.takesWildcards = takesWildcards;
        draft.tokens = tokens;
        draft.recognisesOwnRepetitions = recognisesOwnRepetitions;
        step.accept(draft);
        if (draft.fencing == Fencing.NONE && !draft.answersAll) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a broker says that it neither checks receipts nor answers: nobody could tell when a nak arrived",
                    "Capabilities.answeringErrorsOnly",
                    "have it fenced, or ask for the answers");
        }
        return new Capabilities(draft);
    }

    private static Duration require(String name, Duration value) {
        if (value.isNegative()) {
            throw refused(name, value.toString(), "zero or more");
        }
        return value;
    }

    private static MessagingException refused(String name, String value, String bounds) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "a broker says that its " + name + " is " + value,
                "Capabilities." + name,
                "have the broker say " + bounds);
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
     * message until its delay is over, touched, and then gives it back. Such messages are in the client's snapshot;
     * while 1,000 of a group are held nothing more is taken.
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
     * The same, for a broker that answers a settlement only when it refuses it: for the client it is done when it is
     * written, and {@link io.leasehold.lease.SettleItem#done()} is never called. A port confirms a touch when it has
     * heard something that shows that the broker had come to it, for example the answer to a request that was sent
     * behind; until then it extends nothing. The arithmetic stays that of {@link io.leasehold.lease.LeaseTerms}: the
     * lease counts from the instant at which the touch was sent, if that was heard before its present deadline.
     *
     * @throws MessagingException {@code BAD_SETTING} for a broker that does not check receipts either
     */
    public Capabilities answeringErrorsOnly() {
        return with(draft -> draft.answersAll = false);
    }

    /**
     * The same, for a broker that recognises the id of a message. Without that, and without {@link
     * #recognisingOwnRepetitions()}, a publish of which nobody knows whether the broker has it is not repeated: it ends
     * unknown.
     *
     * @param window for how long; zero for not at all
     * @throws MessagingException {@code BAD_SETTING} when it is negative
     */
    public Capabilities duplicateWindow(Duration window) {
        return with(draft -> draft.duplicateWindow = require("duplicateWindow", window));
    }

    /**
     * The same, for a broker that lends for no less and no more than it says. A consumer whose {@code leaseTime} lies
     * outside gets the nearest time within, which is told as an event; the broker refuses a group that asks for
     * another one ({@code BAD_SETTING}).
     *
     * @param least more than zero
     * @param most no less than {@code least}, and at most {@link LeaseTime#LIMIT}
     * @throws MessagingException {@code BAD_SETTING} when they are not
     */
    public Capabilities leaseTimes(Duration least, Duration most) {
        if (least.isNegative() || least.isZero() || most.compareTo(least) < 0 || most.compareTo(LeaseTime.LIMIT) > 0) {
            throw refused("leaseTimes", least + ".." + most, "more than zero and at most " + LeaseTime.LIMIT);
        }
        return with(draft -> {
            draft.leaseTimeMin = least;
            draft.leaseTimeMax = most;
        });
    }

    /**
     * The same, for a broker whose leases nothing extends: it hands out with {@link LeaseTime#fixed}, and a touch is
     * answered like any other and extends nothing. Nothing is touched by itself there; a user's own touch errors with
     * {@code UNSUPPORTED}; work that takes longer than its lease is cancelled, and counted as a failure.
     */
    public Capabilities withoutTouches() {
        return with(draft -> draft.renewsLeases = false);
    }

    /**
     * The same, for a broker that ends a lease so long after it was granted, however often it is touched. A touch
     * counts up to then, and {@code maxHold} is no longer than what is left of it after all safety margins.
     *
     * @param most more than zero; {@link #UNLIMITED} for no end
     * @throws MessagingException {@code BAD_SETTING} when it is not
     */
    public Capabilities holdMax(Duration most) {
        if (most.isNegative() || most.isZero() || most.compareTo(UNLIMITED) > 0) {
            throw refused("holdMax", most.toString(), "more than zero, or UNLIMITED");
        }
        return with(draft -> draft.holdMax = most);
    }

    /**
     * The same, for a broker that drops a message by itself when it was handed out so often and not settled. A consumer
     * with a dead-letter topic and more {@code maxDeliveries} is refused where nobody would be told ({@code
     * BAD_SETTING}); without such a topic it is told as an event that messages may be dropped. What never finishes
     * becomes a dead letter before that.
     *
     * <p>Where nobody is told, each delivery counts, also one that was given back without having been started; and the
     * last one is as good as the last failure that the consumer allows. When it ends without settling the message, a
     * dead letter is written, or the event {@code TERMINATED} tells of it where there is no topic for one. Of a process
     * that ends during that delivery nobody hears.
     *
     * @param most 1 or more; {@link #DELIVERIES_UNLIMITED} for no limit
     * @param told whether the port tells what is dropped by {@link DeliverySink#givenUp}
     * @throws MessagingException {@code BAD_SETTING} when it is less than 1
     */
    public Capabilities deliveriesMax(int most, boolean told) {
        if (most < 1) {
            throw refused("deliveriesMax", Integer.toString(most), "1 or more");
        }
        return with(draft -> {
            draft.deliveriesMax = most;
            draft.tellsGivenUp = told;
        });
    }

    /**
     * The same, for a broker that begins a new group at some positions only. A consumer that wishes another one is
     * refused at its start ({@code UNSUPPORTED}).
     *
     * @param possible at least one
     * @throws MessagingException {@code BAD_SETTING} when there is none
     */
    public Capabilities startPositions(Set<StartPosition.Kind> possible) {
        if (possible.isEmpty()) {
            throw refused("startPositions", "none", "one at least");
        }
        return with(draft -> draft.startPositions = Set.copyOf(possible));
    }

    /**
     * The same, for a broker whose groups consume one topic each. A consumer whose filter has a wildcard is refused at
     * its start ({@code UNSUPPORTED}).
     */
    public Capabilities withoutWildcards() {
        return with(draft -> draft.takesWildcards = false);
    }

    /**
     * The same, for a broker whose tokens say less. Without any, the order of receipt decides which delivery of a
     * message is the newer one, and {@link io.leasehold.lease.Lease#fencingToken()} is empty; with {@link
     * Tokens#PER_MESSAGE} they decide among leases that are open: what has ended may be of an earlier life of the
     * group.
     */
    public Capabilities tokens(Tokens kind) {
        return with(draft -> draft.tokens = kind);
    }

    /**
     * The same, for a broker that recognises when the same session publishes the same {@link PublishItem} again, as one
     * with producers that number what they send; with a {@link #duplicateWindow} besides, ids are recognised, too.
     */
    public Capabilities recognisingOwnRepetitions() {
        return with(draft -> draft.recognisesOwnRepetitions = true);
    }

    /**
     * Refuses a group that the broker cannot have, for a broker to call before it makes one.
     *
     * @throws MessagingException {@code BAD_SETTING} when it lends for less or for longer than the broker does; {@code
     *     UNSUPPORTED} when it begins where the broker lets none begin, or its filter has a wildcard and the broker
     *     takes none
     */
    public void require(GroupSpec group) {
        Duration wished = group.leaseTime();
        if (wished.compareTo(leaseTimeMin) < 0 || wished.compareTo(leaseTimeMax) > 0) {
            throw MessagingException.badSetting("leaseTime", wished, "in " + leaseTimeMin + ".." + leaseTimeMax);
        }

        requireStart(group.name(), group.start());
        requireFilter(group.name(), group.filter());
    }

    private void requireStart(String group, StartPosition start) {
        if (!startPositions.contains(start.kind())) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    "the broker begins no group at " + start.kind(),
                    group,
                    "choose one of " + startPositions);
        }
    }

    private void requireFilter(String group, TopicFilter filter) {
        if (!takesWildcards && !filter.isExact()) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    "a group of this broker consumes one topic, and " + filter + " has a wildcard",
                    group,
                    "consume each topic by a group of its own");
        }
    }

    /** Whether settlements and touches that come with an old receipt change nothing. */
    public boolean isFenced() {
        return fencing != Fencing.NONE;
    }

    /** What becomes of settlements and touches that come with an old receipt. */
    public Fencing fencing() {
        return fencing;
    }

    /** Whether all settlements are answered; else only those that are refused. */
    public boolean answersAll() {
        return answersAll;
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

    /** The least lease time that the broker lends for. */
    public Duration leaseTimeMin() {
        return leaseTimeMin;
    }

    /** The longest lease time that the broker lends for. */
    public Duration leaseTimeMax() {
        return leaseTimeMax;
    }

    /** Whether a touch extends a lease. */
    public boolean renewsLeases() {
        return renewsLeases;
    }

    /** How long after it was granted a lease ends however often it is touched; {@link #UNLIMITED} for never. */
    public Duration holdMax() {
        return holdMax;
    }

    /** After how many deliveries the broker drops a message; {@link #DELIVERIES_UNLIMITED} for never. */
    public int deliveriesMax() {
        return deliveriesMax;
    }

    /** Whether the broker tells what it drops by its own limit of deliveries. */
    public boolean tellsGivenUp() {
        return tellsGivenUp;
    }

    /** Where a new group may begin. */
    public Set<StartPosition.Kind> startPositions() {
        return startPositions;
    }

    /** Whether the filter of a group may have wildcards. */
    public boolean takesWildcards() {
        return takesWildcards;
    }

    /** What the tokens of deliveries say. */
    public Tokens tokens() {
        return tokens;
    }

    /** What becomes of a publish that is repeated. */
    public Repeats repeats() {
        if (!duplicateWindow.isZero()) {
            return Repeats.BY_ID;
        }
        return recognisesOwnRepetitions ? Repeats.BY_SESSION : Repeats.NONE;
    }

    /** What of it concerns leases. */
    public BrokerRules rules() {
        boolean proves = fencing != Fencing.SILENT;
        return new BrokerRules(isFenced(), crashAllowance.toNanos(), delaysNaks, answersAll, proves, holdMax.toNanos());
    }

    private List<Object> values() {
        return List.of(
                fencing,
                answersAll,
                crashAllowance,
                delaysNaks,
                leasesEndWithConnection,
                duplicateWindow,
                leaseTimeMin,
                leaseTimeMax,
                renewsLeases,
                holdMax,
                deliveriesMax,
                tellsGivenUp,
                startPositions,
                takesWildcards,
                tokens,
                recognisesOwnRepetitions);
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
