package io.leasehold.embedded;

import io.leasehold.pace.SerialLine;

/**
 * Something that the broker does in its turn. Stands in its line itself, so that asking for a turn allocates nothing.
 */
abstract class Command extends SerialLine.Link {
    /** A command that is rare enough for an object of its own. */
    static Command of(Runnable task) {
        return new Command() {
            @Override
            void take() {
                task.run();
            }
        };
    }

    /** It is its turn. */
    abstract void take();
}
