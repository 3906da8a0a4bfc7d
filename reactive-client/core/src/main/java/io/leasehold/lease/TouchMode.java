package io.leasehold.lease;

/** Says when a held lease is extended by itself. */
public enum TouchMode {
    /** As long as the work goes on, up to {@code maxHold}. */
    AUTO,
    /** Only while the handler emits elements or calls {@link Lease#progress()}. */
    PROGRESS,
    /** Not at all; {@link Lease#touch()} still works. */
    NEVER
}
