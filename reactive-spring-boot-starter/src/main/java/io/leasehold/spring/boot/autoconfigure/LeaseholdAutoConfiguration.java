package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.event.Recorder;
import io.leasehold.message.Codecs;
import io.leasehold.publish.PublishStage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * A client with its broker, or the ones that properties name, or both. Which kinds of brokers there are say the beans
 * of type {@link BrokerFactory}.
 */
@AutoConfiguration
@ConditionalOnClass(MessageClient.class)
@ConditionalOnEnabled
@EnableConfigurationProperties({LeaseholdProperties.class, EmbeddedProperties.class})
@Import(NamedClients.class)
public final class LeaseholdAutoConfiguration {
    private static final String BROKER = "leaseholdBroker";

    @Bean
    static EmbeddedBrokerFactory leaseholdEmbeddedBrokerFactory() {
        return new EmbeddedBrokerFactory();
    }

    @Bean
    static BindingRules leaseholdBindingRules(
            Environment environment,
            ObjectProvider<BrokerFactory<?>> factories,
            ObjectProvider<MissingBroker> missing) {
        return new BindingRules(
                environment,
                () -> Stream.concat(
                                factories.stream().map(BrokerFactory::name),
                                missing.stream().map(MissingBroker::name))
                        .toList());
    }

    @Bean
    KnownProperties leaseholdKnownProperties(
            ObjectProvider<BrokerFactory<?>> factories, ObjectProvider<MissingBroker> missing) {
        return KnownProperties.of(
                factories.orderedStream().toList(), missing.orderedStream().toList());
    }

    // Nobody asks for it: it is made also where beans are made when they are asked for.
    @Bean
    @Lazy(false)
    SystemPropertiesCheck leaseholdSystemPropertiesCheck(Environment environment, KnownProperties known) {
        return new SystemPropertiesCheck(environment, known);
    }

    @Bean
    PropertiesBinder leaseholdPropertiesBinder(Environment environment, BindingRules rules, KnownProperties known) {
        return new PropertiesBinder(environment, rules, known);
    }

    @Bean
    ClientBrokers leaseholdClientBrokers(
            LeaseholdProperties properties,
            Environment environment,
            PropertiesBinder binder,
            KnownProperties known,
            ObjectProvider<BrokerFactory<?>> factories,
            ObjectProvider<MissingBroker> missing) {
        Map<String, @Nullable String> named = new LinkedHashMap<>();
        named.put(ClientNames.DEFAULT, properties.broker());
        for (String client : ClientNames.in(environment, known)) {
            named.put(
                    client,
                    binder.bindSome(ClientNames.prefixOf(client), ClientProperties.class)
                            .broker());
        }

        return new ClientBrokers(
                factories.orderedStream().toList(), missing.orderedStream().toList(), binder, environment, named);
    }

    @Bean
    ClientLookup leaseholdClientLookup(ConfigurableListableBeanFactory beans, ClientBrokers brokers) {
        return new ClientLookup(beans, brokers);
    }

    @Bean(BROKER)
    @Conditional(OnDefaultClient.class)
    @ConditionalOnMissingBean(Broker.class)
    Broker leaseholdBroker(ClientBrokers brokers) {
        return brokers.create(ClientNames.DEFAULT);
    }

    @Bean(NamedClients.FACTORY)
    ClientFactory leaseholdClients(
            LeaseholdProperties properties,
            Environment environment,
            BeanFactory beans,
            ClientBrokers brokers,
            PropertiesBinder binder,
            ClientFactory.Parts parts) {
        return new ClientFactory(properties, environment, beans, brokers, binder, parts);
    }

    // The lifecycle closes it gracefully; the destroy method is for a context that never got so far.
    @Bean(destroyMethod = "close")
    @ConditionalOnBean(Broker.class)
    @ConditionalOnMissingBean
    MessageClient leaseholdClient(ClientFactory clients, ClientBrokers brokers, Broker broker, BeanFactory beans) {
        boolean ours = beans.containsBean(BROKER) && beans.getBean(BROKER) == broker;
        return clients.defaultClient(broker, ours && brokers.isFallback(ClientNames.DEFAULT));
    }

    @Bean
    ClientFactory.Parts leaseholdClientParts(
            ObjectProvider<Codecs> codecs,
            ObjectProvider<Recorder> recorders,
            ObjectProvider<PublishStage> publishStages,
            ObjectProvider<ConsumeStage> consumeStages,
            ObjectProvider<ClientStages> stagesByBroker,
            ObjectProvider<MessageClientBuilderCustomizer> customizers) {
        return new ClientFactory.Parts(
                codecs.orderedStream().toList(),
                recorders.orderedStream().toList(),
                publishStages.orderedStream().toList(),
                consumeStages.orderedStream().toList(),
                stagesByBroker.orderedStream().toList(),
                customizers.orderedStream().toList());
    }

    @Bean
    ClientLifecycle leaseholdClientLifecycle(
            ListableBeanFactory beans, ClientBrokers brokers, LeaseholdProperties properties) {
        List<ClientLifecycle.Started> clients = Stream.of(beans.getBeanNamesForType(MessageClient.class))
                .map(name -> new ClientLifecycle.Started(
                        beans.getBean(name, MessageClient.class), brokers.startLimits(NamedClients.nameOf(name))))
                .toList();
        return new ClientLifecycle(clients, properties.consumer().drainTimeoutOr(ConsumerProperties.DRAIN_TIMEOUT));
    }
}
