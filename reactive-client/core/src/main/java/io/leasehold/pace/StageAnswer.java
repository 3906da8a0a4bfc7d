package io.leasehold.pace;

import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;

/**
 * What a stage says to a message that wants to enter it, as one {@code long}, so that asking allocates nothing:
 *
 * <pre>
 *   0         proceed
 *   positive  ask again in so many nanoseconds
 *   negative  refused, with a code
 * </pre>
 *
 * <p>A stage that answered with a delay is asked again when it has passed, unless the message ended meanwhile; the
 * state that it keeps in the message tells it so. How often it may delay is bounded by the message's own limit in
 * time.
 */
@Internal
public final class StageAnswer {
    /** Go on. */
    public static final long PROCEED = 0;

    private static final ErrorCode[] CODES = ErrorCode.values();

    private StageAnswer() {}

    /**
     * Ask again later.
     *
     * @param nanos how long to wait, in nanoseconds; 0 or less means {@link #PROCEED}
     */
    public static long delay(long nanos) {
        return Math.max(PROCEED, nanos);
    }

    /** Do not go on: the message ends with an error of this code. */
    public static long refuse(ErrorCode code) {
        return -1L - code.ordinal();
    }

    /** Whether the message may go on now. */
    public static boolean isProceed(long answer) {
        return answer == PROCEED;
    }

    /** Whether the stage is to be asked again. */
    public static boolean isDelay(long answer) {
        return answer > PROCEED;
    }

    /** Whether the message must not go on. */
    public static boolean isRefusal(long answer) {
        return answer < PROCEED;
    }

    /** In how many nanoseconds the stage is to be asked again; 0 unless the answer {@link #isDelay is a delay}. */
    public static long delayNanos(long answer) {
        return Math.max(0, answer);
    }

    /**
     * Why the message was refused.
     *
     * @throws MessagingException {@link ErrorCode#INTERNAL} when the answer is no refusal of this class's making
     */
    public static ErrorCode code(long answer) {
        if (answer >= PROCEED || answer < -CODES.length) {
            throw new MessagingException(
                    ErrorCode.INTERNAL, "not a refusal", "stage answer " + answer, "make it with StageAnswer.refuse");
        }
        return CODES[(int) (-1 - answer)];
    }
}
