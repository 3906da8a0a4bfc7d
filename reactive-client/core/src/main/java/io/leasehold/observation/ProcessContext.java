package io.leasehold.observation;

import io.leasehold.consume.ConsumeView;
import io.leasehold.consume.Outcome;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.Message;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/** Is the context of a run's observation. Its carrier is the message: a trace goes on where the headers say. */
public final class ProcessContext extends ReceiverContext<Message> {
    private final Message message;
    private final String group;
    private final String filter;
    private final int deliveryCount;
    private final String system;
    private volatile Outcome.@Nullable Kind outcome;
    private volatile @Nullable ErrorCode failure;

    ProcessContext(ConsumeView view, String system) {
        super((carrier, name) -> carrier.headers().first(name).orElse(null));
        this.message = view.message();
        this.group = view.group();
        this.filter = view.filter();
        this.deliveryCount = view.deliveryCount();
        this.system = system;
        setCarrier(message);
        setRemoteServiceName(system);
    }

    void end(Outcome.Kind how, @Nullable ErrorCode code) {
        outcome = how;
        failure = code;
    }

    /** Returns the message. */
    public Message message() {
        return message;
    }

    /** Returns the group. */
    public String group() {
        return group;
    }

    /** Returns the topic filter of the consumer. */
    public String filter() {
        return filter;
    }

    /** Returns how often the message was handed out. */
    public int deliveryCount() {
        return deliveryCount;
    }

    /** Returns the kind of broker. */
    public String system() {
        return system;
    }

    /** Returns how the run ended; null before its end. */
    public Outcome.@Nullable Kind outcome() {
        return outcome;
    }

    /** Returns why the run did not simply complete; null when it did, or before its end. */
    public @Nullable ErrorCode failure() {
        return failure;
    }
}
