package io.leasehold.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * Documents the observations of {@link ObservationStages}. Each is a timer of its name, and a span where tracing is on.
 */
public enum LeaseholdObservations implements ObservationDocumentation {
    /** A run of a handler, from its first call to its end; a span of kind CONSUMER, named {@code process <filter>}. */
    PROCESS("messaging.process.duration") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultProcessObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return KeyName.merge(LowKey.values(), ProcessKey.values());
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return HighKey.values();
        }

        @Override
        public Observation.Event[] getEvents() {
            return Event.values();
        }
    },

    /** A publish, from its beginning to the broker's answer; a span of kind PRODUCER, named {@code send <topic>}. */
    SEND("messaging.client.operation.duration") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultSendObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return KeyName.merge(LowKey.values(), SendKey.values());
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return new KeyName[] {HighKey.MESSAGE_ID, HighKey.BODY_SIZE};
        }
    };

    private final String name;

    LeaseholdObservations(String name) {
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    /** Low cardinality, of both. */
    public enum LowKey implements KeyName {
        /** The kind of broker, as it was given to the stages. */
        SYSTEM("messaging.system"),
        /** {@code process} or {@code send}. */
        OPERATION_NAME("messaging.operation.name"),
        /** {@code process} or {@code send}. */
        OPERATION_TYPE("messaging.operation.type"),
        /** For a run the consumer's filter, for a publish the topic, {@code other} beyond a bound of different ones. */
        DESTINATION("messaging.destination.name"),
        /** The code of the failure, or the class of an error that is not ours; {@code none} without one. */
        ERROR_TYPE("error.type"),
        /** How it ended, in lower case: the outcome of a run or of a publish; {@code none} before. */
        OUTCOME("leasehold.outcome");

        private final String text;

        LowKey(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }

    /** Low cardinality, of runs. */
    public enum ProcessKey implements KeyName {
        /** The group. */
        CONSUMER_GROUP("messaging.consumer.group.name");

        private final String text;

        ProcessKey(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }

    /** Low cardinality, of publishes. */
    public enum SendKey implements KeyName {
        /** The broker's host, as it was given to the stages, or {@code none}. */
        SERVER_ADDRESS("server.address"),
        /** The broker's port, as it was given to the stages, or {@code none}. */
        SERVER_PORT("server.port");

        private final String text;

        SendKey(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }

    /** High cardinality. */
    public enum HighKey implements KeyName {
        /** The id of the message. */
        MESSAGE_ID("messaging.message.id"),
        /** The size of the body in bytes. */
        BODY_SIZE("messaging.message.body.size"),
        /** The topic that the message came from. */
        TOPIC("leasehold.topic"),
        /** How often the message was handed out. */
        DELIVERY_COUNT("leasehold.delivery.count");

        private final String text;

        HighKey(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }

    /** What happens within a run. */
    public enum Event implements Observation.Event {
        /** The message had been handed out before. */
        REDELIVERED("leasehold.redelivered"),
        /** The lease was lost, and the run cancelled. */
        LOST("leasehold.lost");

        private final String text;

        Event(String text) {
            this.text = text;
        }

        @Override
        public String getName() {
            return text;
        }
    }
}
