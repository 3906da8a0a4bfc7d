package io.leasehold.diagnostics;

import io.leasehold.event.Recorder;

/** The door to the flight recorder, which a JVM may lack: nothing beyond it is loaded when it does. */
final class FlightEvents {
    private static final Recorder RECORDER = load();

    private FlightEvents() {}

    /** A recorder that writes events for the flight recorder; {@link Recorder#NONE} when there is none. */
    static Recorder recorder() {
        return RECORDER;
    }

    private static Recorder load() {
        try {
            Class.forName("jdk.jfr.Event");
            return new FlightRecorder();
        } catch (ClassNotFoundException | LinkageError missing) {
            return Recorder.NONE;
        }
    }
}
