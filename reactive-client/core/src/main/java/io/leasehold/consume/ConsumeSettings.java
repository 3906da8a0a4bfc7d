package io.leasehold.consume;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds the settings of a consumer: values only, so that equal settings are equal. */
@CheckReturnValue
public final class ConsumeSettings {
    private static final ConsumeSettings DEFAULTS = new Builder().build();

    private final FlowSettings flow;
    private final HoldSettings hold;
    private final FailureSettings failures;

    private ConsumeSettings(Builder values) {
        flow = values.flow;
        hold = values.hold;
        failures = values.failures;
    }

    /** Returns the defaults. */
    public static ConsumeSettings defaults() {
        return DEFAULTS;
    }

    /** Makes a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a builder that starts from these settings. */
    public Builder mutate() {
        Builder values = new Builder();
        values.flow = flow;
        values.hold = hold;
        values.failures = failures;
        return values;
    }

    /** Returns how much the consumer does at once. */
    public FlowSettings flow() {
        return flow;
    }

    /** Returns how the consumer holds its leases. */
    public HoldSettings hold() {
        return hold;
    }

    /** Returns what happens to deliveries that fail. */
    public FailureSettings failures() {
        return failures;
    }

    private List<@Nullable Object> values() {
        return Arrays.asList(flow, hold, failures);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConsumeSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "ConsumeSettings" + values();
    }

    /** Makes settings; each value is checked where it is set. Not for use by several threads. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private FlowSettings flow = FlowSettings.defaults();
        private HoldSettings hold = HoldSettings.defaults();
        private FailureSettings failures = FailureSettings.defaults();

        private Builder() {}

        /** Sets how much the consumer does at once. */
        public Builder flow(FlowSettings settings) {
            flow = Objects.requireNonNull(settings);
            return this;
        }

        /** Sets how the consumer holds its leases. */
        public Builder hold(HoldSettings settings) {
            hold = Objects.requireNonNull(settings);
            return this;
        }

        /** Sets what happens to deliveries that fail. */
        public Builder failures(FailureSettings settings) {
            failures = Objects.requireNonNull(settings);
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public ConsumeSettings build() {
            return new ConsumeSettings(this);
        }
    }
}
