package io.leasehold.event;

import io.leasehold.event.MessagingEvent.Kind;
import org.slf4j.event.Level;

/**
 * How a kind of event reads in a log, where the event brings no words of its own.
 *
 * @param level of one line
 * @param storm of the line that tells how many more there were
 * @param what what happened
 * @param remedy what to do about it; empty where nothing is to be done
 */
record EventWording(Level level, Level storm, String what, String remedy) {

    private static EventWording of(Level level, String what, String remedy) {
        return new EventWording(level, level, what, remedy);
    }

    private static EventWording error(String what, String remedy) {
        return of(Level.ERROR, what, remedy);
    }

    private static EventWording warn(String what, String remedy) {
        return of(Level.WARN, what, remedy);
    }

    private static EventWording info(String what, String remedy) {
        return of(Level.INFO, what, remedy);
    }

    private static EventWording debug(String what) {
        return of(Level.DEBUG, what, "");
    }

    /** The words of a kind. Without a default branch: a new kind does not compile before it has some. */
    static EventWording of(Kind kind) {
        return switch (kind) {
            case STARTED,
                    CONSUMING,
                    DRAINED,
                    REDRIVING,
                    REDRIVEN,
                    RECOVERED,
                    SETTINGS_CHANGED,
                    SETTINGS_UNCHANGED,
                    ADVICE -> lifecycle(kind);
            case CONNECTED, DISCONNECTED, CONNECT_FAILED, SERVER_LEAVING, SERVER_COMPLAINED, CONNECTION_ABORTED ->
                connection(kind);
            case LEASE_LOST, ORPHAN, ORPHAN_ENDED, STALLED, STALE_SETTLEMENT, LATE_ANSWER, DEAD_ON_ARRIVAL ->
                lease(kind);
            case SURPLUS, OLDER_DELIVERY, SUCCESSOR_RELEASED, ABANDONED, DELAYS_FULL, RELEASED -> delivery(kind);
            case FAILED,
                    DEAD_LETTERED,
                    DEAD_LETTER_FAILED,
                    TERMINATED,
                    KEEPS_FAILING,
                    HOLD_EXCEEDED,
                    DEMAND_LIMITED,
                    KEY_ORDER_BROKEN,
                    BACKED_OFF,
                    TROUBLE,
                    GONE -> work(kind);
            case STREAM_MADE, BROKER_DIFFERS, GROUP_DELETED -> broker(kind);
            case KEY_HALTED, CANCEL_STARVED, CLOCK_MISSED, EVENTS_DROPPED, FAULT -> process(kind);
        };
    }

    private static EventWording lifecycle(Kind kind) {
        return switch (kind) {
            case STARTED -> info("the client has started", "");
            case CONSUMING -> info("the consumer has begun", "");
            case DRAINED -> info("the consumer is drained: it takes no more, its runs have ended", "");
            case REDRIVING -> info("dead letters are put back to where they came from", "");
            case REDRIVEN -> info("no more dead letters are put back", "");
            case RECOVERED -> info("a message succeeded again: full speed", "");
            case SETTINGS_CHANGED -> info("changed settings hold from now on", "");
            case SETTINGS_UNCHANGED -> debug("equal settings were applied: nothing was done");
            default -> warn("a setting will hurt", "see what the event says");
        };
    }

    private static EventWording connection(Kind kind) {
        return switch (kind) {
            case CONNECTED -> info("the connection is up", "");
            case DISCONNECTED ->
                warn("the connection was lost and is sought again", "look at the server and at the network");
            case CONNECT_FAILED ->
                warn(
                        "the server could not be connected to, and is tried again",
                        "check that it runs, its address, and the credentials");
            case SERVER_LEAVING -> info("the server is about to shut down; another one is sought", "");
            case SERVER_COMPLAINED -> warn("the server refused something", "check what the user is permitted");
            default ->
                warn("the connection was ended because a nak stayed unanswered", "look at the load of the server");
        };
    }

    private static EventWording broker(Kind kind) {
        return switch (kind) {
            case STREAM_MADE -> info("a stream was made, since none kept these topics", "");
            case GROUP_DELETED ->
                warn(
                        "the group was deleted at the broker, and is made anew: what it held is handed out again",
                        "find out who deleted it");
            default ->
                warn("what is there at the broker is not as the settings have it", "change the one or the other");
        };
    }

    private static EventWording lease(Kind kind) {
        return switch (kind) {
            case LEASE_LOST ->
                new EventWording(
                        Level.INFO,
                        Level.WARN,
                        "a lease ended without our settling; the message comes again",
                        "give more lease time, or work in less time");
            case ORPHAN ->
                warn(
                        "work goes on although its lease is lost and it was cancelled: it keeps its slot",
                        "have the handler heed cancellation; what it holds is seen in the client's evidence");
            case ORPHAN_ENDED -> info("work that had lost its lease has ended", "");
            case STALLED ->
                warn(
                        "work takes suspiciously long, although its lease is held",
                        "find out where it stands in the client's evidence; give handlers a timeout");
            case STALE_SETTLEMENT ->
                info("a settlement came after the end of its lease; nothing was written", "settle within the lease");
            case LATE_ANSWER -> debug("an answer came for something that had ended");
            default ->
                info(
                        "a delivery came with too little time left to start",
                        "look at the round trip to the broker, or give more lease time");
        };
    }

    private static EventWording delivery(Kind kind) {
        return switch (kind) {
            case SURPLUS -> debug("the broker delivered more than it had credit for");
            case OLDER_DELIVERY -> debug("an older delivery came after a newer one and was dropped");
            case SUCCESSOR_RELEASED ->
                warn(
                        "a redelivery waited too long for the run before it to end, and was released",
                        "have the handler heed cancellation");
            case ABANDONED ->
                warn(
                        "an operator of the pipeline dropped a delivery; it is delivered again after a pause",
                        "settle what is not wanted, or consume a filter that does not match it");
            case DELAYS_FULL ->
                warn(
                        "so many messages are held until their delays are over that no more is taken",
                        "find out why so many are given back, shorten the redelivery pauses, or set deadLetterTo");
            default -> debug("a waiting delivery was given back");
        };
    }

    private static EventWording work(Kind kind) {
        return switch (kind) {
            case FAILED ->
                warn(
                        "a message failed for the first time, and is tried again",
                        "look at why; while it goes on failing it is told again at maxDeliveries failures");
            case DEAD_LETTERED ->
                warn(
                        "a message was put into the dead-letter topic, and acked",
                        "look at the dead letter, mend the cause, and redrive it");
            case DEAD_LETTER_FAILED ->
                warn(
                        "a dead letter was refused or not confirmed in time; the message is kept and tried again",
                        "see to it that the dead-letter topic can be published to");
            case TERMINATED ->
                warn("a message will not be delivered again although it was not done", "look at why it failed");
            case KEEPS_FAILING ->
                warn(
                        "a message fails again and again; there is no dead-letter topic, so it is kept and tried again",
                        "mend the cause, or set deadLetterTo to take it out of the way");
            case HOLD_EXCEEDED ->
                warn("work took longer than maxHold and was cancelled", "raise maxHold for work that takes longer");
            case DEMAND_LIMITED ->
                warn(
                        "slots are free, but the subscriber of the outcomes asks for no more",
                        "do what follows in the handler, or ask for more outcomes than concurrency");
            case KEY_ORDER_BROKEN ->
                warn(
                        "a message of a key was given back while later ones go on: their order has ended",
                        "have its handler retry in place where order counts more than progress");
            case BACKED_OFF ->
                warn("all that is tried fails: one message is tried at a time", "look at what the handlers need");
            case TROUBLE -> warn("the broker has passing trouble; it is tried again", "look at the broker");
            default -> error("the consumer has ended for good", "start it again when the cause is mended");
        };
    }

    private static EventWording process(Kind kind) {
        return switch (kind) {
            case KEY_HALTED ->
                warn(
                        "a publish failed, and what follows of its key is refused until it is resumed",
                        "mend the cause and resume the key");
            case CANCEL_STARVED ->
                warn("cancels wait for threads", "see to it that cancel callbacks of handlers do not block");
            case CLOCK_MISSED ->
                warn("the clock stood still while time passed", "look for a suspended machine or a starved container");
            case EVENTS_DROPPED -> warn("a subscriber of the events was too slow for some", "take them faster");
            default -> error("a fault was caught; what it happened in goes on", "report it, or mend what threw");
        };
    }
}
