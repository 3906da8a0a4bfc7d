package io.leasehold.publish;

/** Asks the window to let a halted key go on. */
final class Resume extends WindowStep {
    private final String key;

    Resume(String key) {
        this.key = key;
    }

    @Override
    void takeTurn(PublishWindow window) {
        window.lanes().resume(key);
    }
}
