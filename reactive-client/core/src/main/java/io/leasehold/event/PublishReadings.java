package io.leasehold.event;

/** Numbers of a client's publishing. May be read at any time on any thread; never blocks. */
public interface PublishReadings {
    /** How many publishes have a place in the window. */
    int inFlight();

    /** How many single publishes wait for the window, their key or a stage. */
    int waiting();

    /** How many keys are halted. */
    int haltedKeys();
}
