package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.broker.Broker;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.event.Recorder;
import io.leasehold.message.Codecs;
import io.leasehold.publish.PublishSettings;
import io.leasehold.publish.PublishStage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.env.Environment;

/** Makes clients of properties and beans: the default one, and those that have a name. */
final class ClientFactory {
    private static final int APPLICATION_NAME_LENGTH = 60;
    private static final int CLIENT_NAME_LENGTH = 40;

    private final LeaseholdProperties properties;
    private final Environment environment;
    private final BeanFactory beans;
    private final ClientBrokers brokers;
    private final PropertiesBinder binder;
    private final Parts parts;

    ClientFactory(
            LeaseholdProperties properties,
            Environment environment,
            BeanFactory beans,
            ClientBrokers brokers,
            PropertiesBinder binder,
            Parts parts) {
        this.properties = properties;
        this.environment = environment;
        this.beans = beans;
        this.brokers = brokers;
        this.binder = binder;
        this.parts = parts;
    }

    /** Makes the broker of the client of that name. */
    Broker broker(String name) {
        return brokers.create(name);
    }

    /** Makes the client of that name, with the broker that is a bean. */
    MessageClient client(String name) {
        Broker broker = beans.getBean(NamedClients.brokerOf(name), Broker.class);
        PublishProperties publish = binder.bindSome(ClientNames.prefixOf(name), ClientProperties.class)
                .publish();
        return create(
                name,
                broker,
                brokers.isFallback(name),
                publish.applyTo(properties.publish().settings()));
    }

    /**
     * Makes the default client.
     *
     * @param broker of the application, or that of the properties
     * @param fallback whether nobody asked for that broker
     */
    MessageClient defaultClient(Broker broker, boolean fallback) {
        return create(
                ClientNames.DEFAULT, broker, fallback, properties.publish().settings());
    }

    private MessageClient create(String client, Broker broker, boolean fallback, PublishSettings publishing) {
        MessageClientBuilder builder = MessageClient.builder();
        if (fallback) {
            builder.defaultBroker(broker, brokers.remedy(client));
        } else {
            builder.broker(broker);
        }
        builder.name(instanceName(client)).publishing(publishing);
        parts.addTo(builder, broker);

        for (MessageClientBuilderCustomizer customizer : parts.customizers()) {
            Refusals.customized(customizer, builder, given -> {
                customizer.customize(client, given);
                return given;
            });
        }
        return builder.build();
    }

    private String instanceName(String client) {
        String suffix = client.isEmpty() ? "" : "-" + start(client, CLIENT_NAME_LENGTH);
        String chosen = properties.name();
        if (chosen != null) {
            return start(chosen, LeaseholdProperties.NAME_LENGTH - suffix.length()) + suffix;
        }

        String application =
                environment.getProperty("spring.application.name", "").strip();
        String random = UUID.randomUUID().toString().substring(0, 8);
        return (application.isEmpty() ? "client" : start(application, APPLICATION_NAME_LENGTH)) + suffix + "-" + random;
    }

    private static String start(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }

    /** The beans that become parts of each client, each kind in its order. */
    record Parts(
            List<Codecs> codecs,
            List<Recorder> recorders,
            List<PublishStage> publishStages,
            List<ConsumeStage> consumeStages,
            List<ClientStages> stagesByBroker,
            List<MessageClientBuilderCustomizer> customizers) {

        void addTo(MessageClientBuilder builder, Broker broker) {
            // The builder asks those first that were added last.
            List<Codecs> lastFirst = new ArrayList<>(codecs);
            Collections.reverse(lastFirst);
            lastFirst.forEach(builder::codecs);
            recorders.forEach(builder::recorder);
            publishStages.forEach(builder::stage);
            consumeStages.forEach(builder::stage);
            stagesByBroker.forEach(stages -> builder.stages(stages.of(broker)));
        }
    }
}
