package io.leasehold.observation;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.consume.StagePair;
import io.leasehold.publish.PublishStage;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes runs and publishes, as stages: observations are started and stopped only while the registry has a handler,
 * and without an operator. Add these stages last, nearest to the handler, so that they do not measure what other stages
 * delay:
 *
 * <pre>{@code
 * MessageClient.builder().stages(ObservationStages.of(observationRegistry)).build();
 * }</pre>
 *
 * <p>A run takes its parent from the message's headers and is in the Reactor context of the handler's publisher, under
 * the key that Micrometer's own operators and Reactor's automatic context propagation use; a publish takes its parent
 * from the Reactor context of its subscriber, and writes its headers into the message. So what a handler publishes is a
 * child of its run. Without a parent in the context that of the thread which subscribes is taken.
 *
 * <p>With Micrometer's context propagation library, a blocking handler has the observation of its run in thread locals,
 * and so in what it logs. Other handlers have it there with {@code Hooks.enableAutomaticContextPropagation()}, as all
 * of Reactor; without that no scope is opened around their call, which would take an operator. A batch has no single
 * parent: each of its messages is observed, but its handler's context shows none.
 *
 * <p>Settlements and touches have meters ({@link LeaseholdMeters#SETTLED}, {@link LeaseholdMeters#TOUCH}) and no
 * observations: a span for each would double the spans of a message and tell what the outcome of its run tells.
 */
@CheckReturnValue
public final class ObservationStages implements StagePair {
    private final ConsumeStage consuming;
    private final PublishStage publishing;

    private ObservationStages(Builder from) {
        consuming = new ProcessStage(from.registry, from.process, from.peer.system());
        publishing = new SendStage(from.registry, from.send, from.peer);
    }

    /** Makes stages with the default names. */
    public static ObservationStages of(ObservationRegistry registry) {
        return builder(registry).build();
    }

    /** Begins stages with the default names. */
    public static Builder builder(ObservationRegistry registry) {
        return new Builder(registry);
    }

    /** Returns the stage of runs. */
    @Override
    public ConsumeStage consuming() {
        return consuming;
    }

    /** Returns the stage of publishes. */
    @Override
    public PublishStage publishing() {
        return publishing;
    }

    /** Configures the stages. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final ObservationRegistry registry;
        private SendContext.Peer peer = new SendContext.Peer("leasehold", TagValues.NONE, TagValues.NONE);
        private @Nullable ProcessObservationConvention process;
        private @Nullable SendObservationConvention send;

        private Builder(ObservationRegistry registry) {
            this.registry = registry;
        }

        /** Sets the kind of broker, for {@code messaging.system}: {@code Broker.name()}; default {@code leasehold}. */
        public Builder system(String name) {
            peer = new SendContext.Peer(name, peer.address(), peer.port());
            return this;
        }

        /** Sets where the broker is; default {@code none}. */
        public Builder server(String address, int port) {
            peer = new SendContext.Peer(peer.system(), address, Integer.toString(port));
            return this;
        }

        /** Sets other names and key values of runs; default {@link DefaultProcessObservationConvention}. */
        public Builder convention(ProcessObservationConvention convention) {
            process = convention;
            return this;
        }

        /** Sets other names and key values of publishes; default {@link DefaultSendObservationConvention}. */
        public Builder convention(SendObservationConvention convention) {
            send = convention;
            return this;
        }

        /** Makes the stages. */
        @CheckReturnValue
        public ObservationStages build() {
            return new ObservationStages(this);
        }
    }
}
