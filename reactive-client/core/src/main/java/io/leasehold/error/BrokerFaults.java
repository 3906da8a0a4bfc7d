package io.leasehold.error;

import io.leasehold.api.Internal;
import org.jspecify.annotations.Nullable;

/** Names what a broker throws, or does not give, where it should have told an error of this library. */
@Internal
public final class BrokerFaults {
    private BrokerFaults() {}

    /**
     * Gives the error that a user gets in place of what a broker threw: one of this library is told as it is, any other
     * as {@link ErrorCode#PROTOCOL}, with what was thrown as its cause.
     *
     * @param subject on what: a group, a topic, a message
     */
    public static MessagingException named(Throwable thrown, String subject) {
        return thrown instanceof MessagingException ours ? ours : because("threw instead of telling", subject, thrown);
    }

    /**
     * Returns what a broker gives.
     *
     * @param given what it gives
     * @param what what that is, as in {@code a session}
     * @param subject on what
     * @throws MessagingException {@link ErrorCode#PROTOCOL} when it is null
     */
    public static <V> V require(@Nullable V given, String what, String subject) {
        if (given == null) {
            throw because("did not give " + what, subject, null);
        }
        return given;
    }

    private static MessagingException because(String did, String subject, @Nullable Throwable cause) {
        return new MessagingException(
                ErrorCode.PROTOCOL, "the broker " + did, subject, "tell whoever wrote the broker", cause);
    }
}
