package io.leasehold.embedded;

import io.leasehold.pace.SerialLine;

/**
 * Is something that the broker does in its turn. Stands in the line of turns itself, so that asking for a turn
 * allocates nothing.
 */
abstract class Command extends SerialLine.Link {
    /** Returns a command that is rare enough for an object of its own. */
    static Command of(Runnable task) {
        return new Command() {
            @Override
            void take() {
                task.run();
            }
        };
    }

    /** Called in its turn. */
    abstract void take();
}
