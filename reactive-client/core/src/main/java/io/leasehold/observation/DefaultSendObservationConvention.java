package io.leasehold.observation;

import io.leasehold.observation.LeaseholdObservations.HighKey;
import io.leasehold.observation.LeaseholdObservations.LowKey;
import io.leasehold.observation.LeaseholdObservations.SendKey;
import io.leasehold.publish.PublishOutcome;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/** Gives OpenTelemetry's names for sending a message. */
public final class DefaultSendObservationConvention implements SendObservationConvention {
    private static final KeyValue NAME = KeyValue.of(LowKey.OPERATION_NAME, "send");
    private static final KeyValue TYPE = KeyValue.of(LowKey.OPERATION_TYPE, "send");

    /** Makes the convention. */
    public DefaultSendObservationConvention() {}

    @Override
    public String getName() {
        return LeaseholdObservations.SEND.getName();
    }

    @Override
    public String getContextualName(SendContext context) {
        return "send " + context.destination();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(SendContext context) {
        PublishOutcome outcome = context.outcome();
        return KeyValues.of(
                NAME,
                TYPE,
                KeyValue.of(LowKey.SYSTEM, context.system()),
                KeyValue.of(LowKey.DESTINATION, context.destination()),
                KeyValue.of(SendKey.SERVER_ADDRESS, context.serverAddress()),
                KeyValue.of(SendKey.SERVER_PORT, context.serverPort()),
                KeyValue.of(LowKey.OUTCOME, outcome == null ? TagValues.NONE : TagValues.lower(outcome)),
                KeyValue.of(LowKey.ERROR_TYPE, TagValues.errorType(context.failure(), context.getError())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(SendContext context) {
        return KeyValues.of(
                KeyValue.of(HighKey.MESSAGE_ID, context.id().value()),
                KeyValue.of(
                        HighKey.BODY_SIZE, Integer.toString(context.message().sizeBytes())));
    }
}
