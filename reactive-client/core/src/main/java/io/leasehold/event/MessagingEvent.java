package io.leasehold.event;

import io.leasehold.api.CheckReturnValue;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something rare that whoever is on call wants to know.
 *
 * @param kind what happened
 * @param subject on what: a group, a topic, a message
 * @param code the cause, when there is one
 * @param details further facts by name
 */
@CheckReturnValue
public record MessagingEvent(
        Kind kind, String subject, @Nullable ErrorCode code, Map<String, Object> details) {
    /** The name of the fact that says what happened, one clause. */
    public static final String WHAT = "what";

    /** The name of the fact that says what to do about it, one clause. */
    public static final String REMEDY = "remedy";

    /**
     * The name of the fact, true, that whoever hears the outcomes of the consumer writes this down: a log need not do
     * so, too.
     */
    public static final String SAID_ELSEWHERE = "saidElsewhere";

    /** An event without further facts. */
    public static MessagingEvent of(Kind kind, String subject, @Nullable ErrorCode code) {
        return new MessagingEvent(kind, subject, code, Map.of());
    }

    /**
     * An event that an error explains: with its code, and with what happened, on what and what to do as facts.
     *
     * @param why the error; one that is not of this library leaves its class only, since its text may hold anything
     */
    public static MessagingEvent because(Kind kind, String subject, Throwable why) {
        ErrorCode code = MessagingException.codeOf(why);
        if (why instanceof MessagingException ours) {
            Map<String, Object> facts = Map.of(WHAT, ours.what(), "on", ours.subject(), REMEDY, ours.remedy());
            return new MessagingEvent(kind, subject, code, facts);
        }
        return new MessagingEvent(
                kind, subject, code, Map.of(WHAT, why.getClass().getName()));
    }

    /** An event with words of its own: what happened, and what to do about it. */
    public static MessagingEvent of(Kind kind, String subject, @Nullable ErrorCode code, String what, String remedy) {
        return new MessagingEvent(kind, subject, code, Map.of(WHAT, what, REMEDY, remedy));
    }

    /** What happened, one clause, where the event says more than its kind; else null. */
    public @Nullable String what() {
        return details.get(WHAT) instanceof String what ? what : null;
    }

    /** What to do about it, one clause, where the event says more than its kind; else null. */
    public @Nullable String remedy() {
        return details.get(REMEDY) instanceof String remedy ? remedy : null;
    }

    /** What may happen. */
    public enum Kind {
        /** A client has started; the facts say on which broker. {@link #CONNECTED} follows where it has to connect. */
        STARTED,
        /** A consumer has begun; the facts say what is in force. */
        CONSUMING,
        /** A consumer has been drained: its runs have ended. */
        DRAINED,
        /** A redrive of dead letters has begun: the subject is its filter, the details say its limits. */
        REDRIVING,
        /** A redrive of dead letters has ended: the details say what it did with how many letters. */
        REDRIVEN,
        /** Something is set so that it will hurt; told once, with what to set instead. */
        ADVICE,
        /** A lease ended without our settling. */
        LEASE_LOST,
        /** Work goes on although its lease is lost. */
        ORPHAN,
        /** Such work has ended. */
        ORPHAN_ENDED,
        /** Work takes suspiciously long, although its lease is held. */
        STALLED,
        /** A settlement came after the end of its lease; nothing was written. */
        STALE_SETTLEMENT,
        /** A broker's answer came for something that had ended. */
        LATE_ANSWER,
        /** The broker delivered more than it had credit for. */
        SURPLUS,
        /** A delivery came with too little time left to start. */
        DEAD_ON_ARRIVAL,
        /** An older delivery came after a newer one and was dropped. */
        OLDER_DELIVERY,
        /** A redelivery waited too long for the end of the run before it, and was released. */
        SUCCESSOR_RELEASED,
        /** Nobody attached work to a delivery. */
        ABANDONED,
        /**
         * 1,000 messages of a group are held until their delays are over, since the broker cannot delay: nothing more
         * is taken while it is so many.
         */
        DELAYS_FULL,
        /** A waiting delivery was given back. */
        RELEASED,
        /**
         * A message has failed, for the first time as far as this client knows, and is tried again: the details say
         * which and when.
         */
        FAILED,
        /** A message went to the dead-letter topic. */
        DEAD_LETTERED,
        /** A dead letter was refused or not confirmed in time. */
        DEAD_LETTER_FAILED,
        /**
         * A message has failed as often as {@code maxDeliveries} says, or can never be worked on, and there is no
         * dead-letter topic: it is kept and tried again, ever more rarely.
         */
        KEEPS_FAILING,
        /** Work took longer than {@code maxHold}: it was cancelled, which counts as a failure of its message. */
        HOLD_EXCEEDED,
        /**
         * Slots are free and the subscriber of the outcomes asks for no more, for several seconds: it, and not {@code
         * concurrency}, bounds how much runs at once. Told once per subscription.
         */
        DEMAND_LIMITED,
        /** A message was terminated: it will not be delivered again. */
        TERMINATED,
        /** The order within a key ended. */
        KEY_ORDER_BROKEN,
        /** Everything fails: only one message is tried at a time. */
        BACKED_OFF,
        /** The probe succeeded: full speed again. */
        RECOVERED,
        /** Equal settings were applied: nothing was done. */
        SETTINGS_UNCHANGED,
        /** Changed settings were applied. */
        SETTINGS_CHANGED,
        /** The broker has passing trouble. */
        TROUBLE,
        /** Something that keeps messages was made at the broker, the subject is its name: the details say how. */
        STREAM_MADE,
        /** What is there at the broker is not as the settings have it, and is used as it is: the details say what. */
        BROKER_DIFFERS,
        /** The group was deleted at the broker, and every lease of it with it; it is made anew. */
        GROUP_DELETED,
        /** Consumption ended for good. */
        GONE,
        /** A connection to a broker is up: the subject is the server. */
        CONNECTED,
        /** A connection that was up has ended; the code says why. */
        DISCONNECTED,
        /** A server could not be connected to; the code says why. */
        CONNECT_FAILED,
        /** A server is about to shut down and wants its clients to go elsewhere. */
        SERVER_LEAVING,
        /** A server refused something without ending the connection. */
        SERVER_COMPLAINED,
        /** A connection was ended because a nak stayed unanswered. */
        CONNECTION_ABORTED,
        /** Cancels wait for threads. */
        CANCEL_STARVED,
        /** The clock stood still while time passed. */
        CLOCK_MISSED,
        /** The order of publishing halted a key. */
        KEY_HALTED,
        /** A subscriber of the events was too slow: the oldest ones were dropped. */
        EVENTS_DROPPED,
        /** A fault of the library was caught. */
        FAULT
    }
}
