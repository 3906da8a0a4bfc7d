package io.leasehold.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Runs schedules of the simulation as another class loader sees it; only names and numbers cross the border. */
final class SimulationEntry {
    private final Method violationOf;

    SimulationEntry(ClassLoader loader) {
        try {
            violationOf = loader.loadClass(Schedule.class.getName())
                    .getDeclaredMethod("violationOf", long.class, String.class);
            violationOf.setAccessible(true);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What the schedule of a seed finds, or null. */
    @Nullable
    String violationOf(long seed, ScheduleMode mode) {
        try {
            return (String) violationOf.invoke(null, seed, mode.name());
        } catch (InvocationTargetException thrown) {
            return "threw " + thrown.getCause();
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
