package io.leasehold.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps the types of which a method was entered between a beginning and an end, in the order in which they were first
 * met. Classes that {@link WalkLoader} defines call it; there is one recording at a time in the process.
 */
public final class Walk {
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
    private static final ConcurrentLinkedQueue<String> MET = new ConcurrentLinkedQueue<>();
    private static volatile boolean recording;
    private static volatile boolean endsWithWrite;

    private Walk() {}

    /** Begins a recording. */
    public static void begin() {
        SEEN.clear();
        MET.clear();
        endsWithWrite = false;
        recording = true;
    }

    /** Begins a recording that ends as soon as something is written to a channel. */
    public static void beginUntilWritten() {
        begin();
        endsWithWrite = true;
    }

    /** Tells that a method of the given type was entered. */
    public static void entered(String type) {
        if (recording && SEEN.add(type)) {
            MET.add(type);
        }
    }

    /** Tells that a channel is about to be written to. */
    public static void writes() {
        if (endsWithWrite) {
            end();
        }
    }

    /** Ends the recording, if it has not ended. */
    public static void end() {
        recording = false;
    }

    /** The types that were met, in order, with packages. */
    public static List<String> met() {
        return new ArrayList<>(MET);
    }
}
