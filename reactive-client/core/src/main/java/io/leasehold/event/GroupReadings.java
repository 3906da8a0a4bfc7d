package io.leasehold.event;

import java.time.Duration;

/** Numbers of what one client holds for a group. May be read at any time on any thread; never blocks. */
public interface GroupReadings {
    /** The group. */
    String group();

    /** How many deliveries wait: for a run before them, for their key, for a slot. */
    int waiting();

    /** How many deliveries have a slot and are no orphans. */
    int running();

    /** How many runs go on although their lease is lost. */
    int orphans();

    /** How many runs have taken suspiciously long. */
    int stalled();

    /** How many runs there may be at once; 0 while nothing is consumed. */
    int limit();

    /**
     * For how long the oldest delivery is held, messages are seen to wait at the broker while none is held, or the
     * broker has not been heard, whichever is longest; else zero. At most a second old.
     */
    Duration oldestAge();

    /** How many messages wait at the broker, as it told last; -1 when it has not told. */
    default long lag() {
        return -1;
    }

    /** How long it is to the nearest work deadline; zero when nothing is held. At most a second old. */
    Duration nearestDeadline();
}
