package io.leasehold.broker;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.List;
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
    private static final Capabilities FENCED = new Capabilities(true, Duration.ZERO, Duration.ZERO);

    private final boolean fenced;
    private final Duration crashAllowance;
    private final Duration duplicateWindow;

    private Capabilities(boolean fenced, Duration crashAllowance, Duration duplicateWindow) {
        this.fenced = fenced;
        this.crashAllowance = crashAllowance;
        this.duplicateWindow = duplicateWindow;
    }

    /**
     * A broker that does all that a client may want, but does not recognise ids of messages: it refuses settlements and
     * touches that come with an old receipt, and a restart of it cuts nothing off a lease.
     */
    public static Capabilities fenced() {
        return FENCED;
    }

    /**
     * A broker that does the same, but settles and touches for whoever names a message.
     *
     * @param crashAllowance B: how much a restart of the broker may cut off a lease; zero or more
     * @throws MessagingException {@code BAD_SETTING} when the allowance is negative
     */
    public static Capabilities unfenced(Duration crashAllowance) {
        return new Capabilities(false, require("crashAllowance", crashAllowance), Duration.ZERO);
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
        return new Capabilities(fenced, require("crashAllowance", allowance), duplicateWindow);
    }

    /**
     * The same, for a broker that recognises the id of a message.
     *
     * @param window for how long; zero for not at all
     * @throws MessagingException {@code BAD_SETTING} when it is negative
     */
    public Capabilities duplicateWindow(Duration window) {
        return new Capabilities(fenced, crashAllowance, require("duplicateWindow", window));
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

    private List<Object> values() {
        return List.of(fenced, crashAllowance, duplicateWindow);
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
