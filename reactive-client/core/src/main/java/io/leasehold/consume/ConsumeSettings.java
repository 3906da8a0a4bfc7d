package io.leasehold.consume;

import io.leasehold.api.CheckReturnValue;

/**
 * The settings of a consumer: values only, so that equal settings are equal.
 *
 * @param flow how much it does at once
 * @param hold how it holds its leases
 * @param failures what happens to deliveries that fail
 */
@CheckReturnValue
public record ConsumeSettings(FlowSettings flow, HoldSettings hold, FailureSettings failures) {
    /** The defaults. */
    public static final ConsumeSettings DEFAULT =
            new ConsumeSettings(FlowSettings.DEFAULT, HoldSettings.DEFAULT, FailureSettings.DEFAULT);

    /** These settings with another flow. */
    public ConsumeSettings with(FlowSettings newFlow) {
        return new ConsumeSettings(newFlow, hold, failures);
    }

    /** These settings with another way to hold leases. */
    public ConsumeSettings with(HoldSettings newHold) {
        return new ConsumeSettings(flow, newHold, failures);
    }

    /** These settings with another way to treat failures. */
    public ConsumeSettings with(FailureSettings newFailures) {
        return new ConsumeSettings(flow, hold, newFailures);
    }
}
