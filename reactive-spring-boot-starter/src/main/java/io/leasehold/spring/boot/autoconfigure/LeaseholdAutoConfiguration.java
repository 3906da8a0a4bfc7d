package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.broker.Broker;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.Recorder;
import io.leasehold.message.Codecs;
import io.leasehold.publish.PublishStage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** A client, and a broker in this process for it where there is no other one. */
@AutoConfiguration
@ConditionalOnClass(MessageClient.class)
@ConditionalOnEnabled
@EnableConfigurationProperties(LeaseholdProperties.class)
public final class LeaseholdAutoConfiguration {
    private static final int APPLICATION_NAME_LENGTH = 100;
    private static final String EMBEDDED = "leaseholdBroker";

    @Bean(name = EMBEDDED, destroyMethod = "shutdown")
    @ConditionalOnMissingBean(Broker.class)
    EmbeddedBroker leaseholdBroker(LeaseholdProperties properties, Environment environment) {
        // Whoever would have made that broker is not here.
        if (OnNats.outcome(environment).isMatch()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "NATS is to be the broker, but the jar that speaks to it is missing",
                    "nats.servers",
                    "add io.leasehold:leasehold-nats to the class path, or remove leasehold.nats.servers");
        }
        return EmbeddedBroker.create(properties.embedded().settings());
    }

    @Bean
    @ConditionalOnMissingBean(MessageClient.class)
    BrokerInUse leaseholdBrokerInUse(Broker broker, LeaseholdProperties properties, BeanFactory beans) {
        boolean ours = beans.containsBean(EMBEDDED) && beans.getBean(EMBEDDED) == broker;
        return new BrokerInUse(broker, !ours || properties.broker() == BrokerKind.EMBEDDED);
    }

    // The lifecycle closes it gracefully; the destroy method is for a context that never got so far.
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    MessageClient leaseholdClient(
            LeaseholdProperties properties,
            Environment environment,
            BrokerInUse broker,
            ObjectProvider<MessageClientBuilderCustomizer> customizers,
            ClientParts parts) {
        MessageClientBuilder builder = broker.addTo(MessageClient.builder())
                .name(nameOf(properties, environment))
                .publishing(properties.publish().settings());
        parts.addTo(builder);
        customizers
                .orderedStream()
                .forEach(customizer -> Refusals.customized(customizer, builder, given -> {
                    customizer.customize(given);
                    return given;
                }));
        return builder.build();
    }

    @Bean
    static BindingRules leaseholdBindingRules(Environment environment) {
        return new BindingRules(environment);
    }

    @Bean
    SystemPropertiesCheck leaseholdSystemPropertiesCheck(Environment environment) {
        return new SystemPropertiesCheck(environment);
    }

    @Bean
    ClientParts leaseholdClientParts(
            ObjectProvider<Codecs> codecs,
            ObjectProvider<Recorder> recorders,
            ObjectProvider<PublishStage> publishStages,
            ObjectProvider<ConsumeStage> consumeStages) {
        return new ClientParts(
                codecs.orderedStream().toList(),
                recorders.orderedStream().toList(),
                publishStages.orderedStream().toList(),
                consumeStages.orderedStream().toList());
    }

    @Bean
    @ConditionalOnBean(MessageClient.class)
    ClientLifecycle leaseholdClientLifecycle(
            ObjectProvider<MessageClient> clients,
            LeaseholdProperties properties,
            ObjectProvider<StartLimits> startLimits) {
        @Nullable StartLimits limits = startLimits.getIfAvailable();
        return new ClientLifecycle(
                clients.stream().toList(),
                properties.consumer().drainTimeoutOr(ConsumerProperties.DRAIN_TIMEOUT),
                limits == null ? null : limits.connect());
    }

    private static String nameOf(LeaseholdProperties properties, Environment environment) {
        String chosen = properties.name();
        if (chosen != null) {
            return chosen;
        }
        String application =
                environment.getProperty("spring.application.name", "").strip();
        String start = application.isEmpty() ? "client" : application;
        String random = UUID.randomUUID().toString().substring(0, 8);
        return start.substring(0, Math.min(start.length(), APPLICATION_NAME_LENGTH)) + "-" + random;
    }

    /**
     * The broker of the client.
     *
     * @param broker one of the application, or ours
     * @param named whether somebody asked for it
     */
    record BrokerInUse(Broker broker, boolean named) {
        MessageClientBuilder addTo(MessageClientBuilder builder) {
            return named
                    ? builder.broker(broker)
                    : builder.defaultBroker(
                            broker, "set leasehold.nats.servers, or leasehold.broker=embedded where that is meant");
        }
    }

    /** The beans that become parts of the client, each kind in its order. */
    record ClientParts(
            List<Codecs> codecs,
            List<Recorder> recorders,
            List<PublishStage> publishStages,
            List<ConsumeStage> consumeStages) {

        void addTo(MessageClientBuilder builder) {
            // The builder asks those first that were added last.
            List<Codecs> lastFirst = new ArrayList<>(codecs);
            Collections.reverse(lastFirst);
            lastFirst.forEach(builder::codecs);
            recorders.forEach(builder::recorder);
            publishStages.forEach(builder::stage);
            consumeStages.forEach(builder::stage);
        }
    }
}
