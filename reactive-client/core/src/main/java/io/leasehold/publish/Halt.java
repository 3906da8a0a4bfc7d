package io.leasehold.publish;

/** Has the window halt a key. */
final class Halt extends WindowStep {
    private final String key;

    Halt(String key) {
        this.key = key;
    }

    @Override
    void takeTurn(PublishWindow window) {
        window.halt(key);
    }
}
