package io.leasehold.consume;

import io.leasehold.pace.SerialLine;

/** Something that a dispatcher does in its turn: one at a time, on any thread, never user code. */
abstract class Turn extends SerialLine.Link {
    abstract void take();

    /** Makes a turn of an event. */
    static Turn of(Runnable event) {
        return new Turn() {
            @Override
            void take() {
                event.run();
            }
        };
    }
}
