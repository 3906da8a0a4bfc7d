package io.leasehold;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.consume.BatchSettings;
import io.leasehold.consume.ConsumeSettings;
import io.leasehold.consume.FailureSettings;
import io.leasehold.consume.FlowSettings;
import io.leasehold.consume.GroupControl;
import io.leasehold.consume.HoldSettings;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.message.BodyType;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import io.leasehold.message.Retention;
import io.leasehold.observation.ObservationStages;
import io.leasehold.pace.Backoff;
import io.leasehold.pace.RetryPolicy;
import io.leasehold.publish.PublishSettings;
import java.util.Set;

/** The settings of the core are made in one way. */
class SettingsGrammarTest extends SettingsGrammar {
    @Override
    protected Set<Class<?>> settings() {
        return Set.of(
                Backoff.class,
                BatchSettings.class,
                ConsumeSettings.class,
                EmbeddedSettings.class,
                FailureSettings.class,
                FlowSettings.class,
                HoldSettings.class,
                PublishSettings.class,
                Retention.class,
                RetryPolicy.class);
    }

    @Override
    protected Set<Class<?>> values() {
        return Set.of(
                BodyType.class,
                Capabilities.class,
                Headers.class,
                Message.class,
                ObservationStages.class,
                RetentionSpec.class,
                StartPosition.class);
    }

    @Override
    protected Set<Class<?>> takers() {
        return Set.of(MessageClient.class, MessageClientBuilder.class, MessageConsumer.class, GroupControl.class);
    }

    // The mode is a choice of capabilities, and each retention is one of all.
    @Override
    protected Set<String> unread() {
        return Set.of("mode", "retain");
    }
}
