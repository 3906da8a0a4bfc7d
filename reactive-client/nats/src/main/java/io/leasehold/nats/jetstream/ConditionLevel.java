package io.leasehold.nats.jetstream;

import io.leasehold.broker.PublishCondition;
import io.leasehold.message.Headers;

/**
 * From which level of the JetStream API a condition of a publish is known. Servers that do not know one store the
 * message and do nothing.
 */
final class ConditionLevel {
    private ConditionLevel() {}

    /** The level that all the conditions in some headers need; 0 for any. */
    static int of(Headers headers) {
        if (headers.isEmpty()) {
            return 0;
        }
        int[] needed = {0};
        headers.forEach((name, value) -> {
            PublishCondition condition = PublishCondition.of(name);
            needed[0] = Math.max(needed[0], condition == null ? 0 : of(condition));
        });
        return needed[0];
    }

    private static int of(PublishCondition condition) {
        return switch (condition) {
            case EXPECTED_STREAM, EXPECTED_LAST_SEQUENCE, EXPECTED_LAST_SUBJECT_SEQUENCE, EXPECTED_LAST_ID -> 0;
            case TIME_TO_LIVE -> 1;
            case SCHEDULE, SCHEDULE_TARGET -> 2;
        };
    }
}
