package io.leasehold.sample.desk;

/** What the desk counts besides the earthquakes themselves. */
public enum DeskEvent {
    /** The broker confirmed a message that it did not have yet. */
    PUBLISHED,
    /** A message was handed out again. */
    REDELIVERED,
    /** A lease ended without our settling the message. */
    LOST,
    /** A message was given up and moved to the dead-letter topic. */
    DEAD_LETTERED,
    /** A line of the catalogue is not an earthquake. */
    REJECTED
}
