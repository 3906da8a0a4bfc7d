package io.leasehold.observation;

import io.leasehold.consume.Outcome;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.observation.LeaseholdObservations.HighKey;
import io.leasehold.observation.LeaseholdObservations.LowKey;
import io.leasehold.observation.LeaseholdObservations.ProcessKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/** Gives OpenTelemetry's names for processing a message. */
public final class DefaultProcessObservationConvention implements ProcessObservationConvention {
    private static final KeyValue NAME = KeyValue.of(LowKey.OPERATION_NAME, "process");
    private static final KeyValue TYPE = KeyValue.of(LowKey.OPERATION_TYPE, "process");

    /** Makes the convention. */
    public DefaultProcessObservationConvention() {}

    @Override
    public String getName() {
        return LeaseholdObservations.PROCESS.getName();
    }

    @Override
    public String getContextualName(ProcessContext context) {
        return "process " + context.filter();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ProcessContext context) {
        Outcome.Kind outcome = context.outcome();
        return KeyValues.of(
                NAME,
                TYPE,
                KeyValue.of(LowKey.SYSTEM, context.system()),
                KeyValue.of(LowKey.DESTINATION, context.filter()),
                KeyValue.of(ProcessKey.CONSUMER_GROUP, context.group()),
                KeyValue.of(LowKey.OUTCOME, outcome == null ? TagValues.NONE : TagValues.lower(outcome)),
                KeyValue.of(LowKey.ERROR_TYPE, TagValues.errorType(context.failure(), context.getError())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ProcessContext context) {
        Message message = context.message();
        return KeyValues.of(
                KeyValue.of(
                        HighKey.MESSAGE_ID, message.id().map(MessageId::value).orElse(TagValues.NONE)),
                KeyValue.of(HighKey.BODY_SIZE, Integer.toString(message.sizeBytes())),
                KeyValue.of(HighKey.TOPIC, message.topic()),
                KeyValue.of(HighKey.DELIVERY_COUNT, Integer.toString(context.deliveryCount())));
    }
}
