package io.leasehold.pace;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says what a stage answers to a message that wants to enter it: {@link #PROCEED}, {@link #refuse a refusal} with a
 * code, or {@link #delay a delay}. Only a delay makes an object; the other answers stand ready.
 *
 * <p>A stage that answered with a delay is asked again when it has passed, unless the message ended meanwhile; the
 * state that it keeps in the message tells it so. How often it may delay is bounded by the message's own limit in
 * time.
 */
@CheckReturnValue
public final class StageAnswer {
    /** Lets the message go on. */
    public static final StageAnswer PROCEED = new StageAnswer(null, 0);

    private static final StageAnswer[] REFUSALS = new StageAnswer[ErrorCode.values().length];

    static {
        for (ErrorCode code : ErrorCode.values()) {
            REFUSALS[code.ordinal()] = new StageAnswer(code, 0);
        }
    }

    private final @Nullable ErrorCode code;
    private final long delayNanos;

    private StageAnswer(@Nullable ErrorCode code, long delayNanos) {
        this.code = code;
        this.delayNanos = delayNanos;
    }

    /**
     * Has the stage asked again later.
     *
     * @param time how long to wait, no more than 100 years; zero or less means {@link #PROCEED}
     */
    public static StageAnswer delay(Duration time) {
        long nanos = Span.nanos(time);
        return nanos <= 0 ? PROCEED : new StageAnswer(null, nanos);
    }

    /**
     * Does not let the message go on; returns the same object for the same code.
     *
     * @param code what the message ends with
     */
    public static StageAnswer refuse(ErrorCode code) {
        return REFUSALS[Objects.requireNonNull(code, "code").ordinal()];
    }

    /** Tells whether the message may go on now. */
    public boolean isProceed() {
        return this == PROCEED;
    }

    /** Returns in how many nanoseconds the stage is to be asked again; 0 unless this answer is a delay. */
    public long delayNanos() {
        return delayNanos;
    }

    /** Returns why the message was refused; null unless this answer is a refusal. */
    public @Nullable ErrorCode code() {
        return code;
    }

    @Override
    public String toString() {
        if (code != null) {
            return "refuse " + code;
        }
        return isProceed() ? "proceed" : "delay " + Duration.ofNanos(delayNanos);
    }
}
