package io.leasehold.simulation;

/** What a schedule is to show. */
enum ScheduleMode {
    /** Trouble all the time: no promise is ever broken. */
    SAFETY,
    /** Trouble ends: then everything is settled within three lease times. */
    LIVENESS
}
