package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.broker.Broker;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.message.Codecs;
import io.leasehold.nats.NatsBroker;
import io.leasehold.publish.PublishStage;
import io.leasehold.signal.Recorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/** A client, and a broker for it: NATS where its servers are set, else one in this process. */
@AutoConfiguration
@ConditionalOnClass(MessageClient.class)
@ConditionalOnEnabled
@EnableConfigurationProperties(LeaseholdProperties.class)
public final class LeaseholdAutoConfiguration {
    private static final int APPLICATION_NAME_LENGTH = 100;

    @Bean
    @ConditionalOnMissingBean(Broker.class)
    @Conditional(OnNatsServers.class)
    NatsBroker leaseholdNatsBroker(LeaseholdProperties properties) {
        return NatsBroker.of(properties.nats().settings());
    }

    @Bean(destroyMethod = "shutdown")
    @ConditionalOnMissingBean(Broker.class)
    EmbeddedBroker leaseholdBroker(LeaseholdProperties properties) {
        return EmbeddedBroker.create(properties.embedded().settings());
    }

    // The lifecycle closes it gracefully; the destroy method is for a context that never got so far.
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    MessageClient leaseholdClient(
            LeaseholdProperties properties,
            Environment environment,
            Broker broker,
            ObjectProvider<MessageClientBuilderCustomizer> customizers,
            ClientParts parts) {
        MessageClientBuilder builder = MessageClient.builder()
                .broker(broker)
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
    ClientLifecycle leaseholdClientLifecycle(ObjectProvider<MessageClient> clients, LeaseholdProperties properties) {
        return new ClientLifecycle(
                clients.stream().toList(), properties.consumer().drainTimeoutOr(ConsumerProperties.DRAIN_TIMEOUT));
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
