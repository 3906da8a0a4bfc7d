package io.leasehold.broker;

/**
 * Where publishes go. Never blocks, never calls user code; the answer may come on any thread, also within the call.
 */
public interface PublishPort {
    /** Takes a message over. Exactly one answer follows, at the latest when the session is closed. */
    void publish(PublishItem item);
}
