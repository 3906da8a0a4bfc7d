package io.leasehold.publish;

import io.leasehold.pace.SerialLine;

/** Something that the window does in its turn: one at a time, on any thread, never user code. */
abstract class WindowStep extends SerialLine.Link {
    abstract void takeTurn(PublishWindow window);
}
