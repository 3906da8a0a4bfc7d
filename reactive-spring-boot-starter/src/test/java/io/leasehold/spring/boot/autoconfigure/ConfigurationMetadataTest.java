package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.nats.NatsSettings;
import io.leasehold.publish.PublishSettings;
import io.leasehold.spring.boot.Contexts;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor is told about the properties is true. */
class ConfigurationMetadataTest {
    private static final KnownProperties KNOWN =
            KnownProperties.of(List.of(new EmbeddedBrokerFactory(), new NatsBrokerFactory()));

    private final Map<String, JsonNode> described = read();

    private static Map<String, JsonNode> read() {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        try (InputStream file = new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream()) {
            for (JsonNode property : JsonMapper.builder().build().readTree(file).get("properties")) {
                properties.put(property.get("name").asString(), property);
            }
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
        return properties;
    }

    @Test
    void everyPropertyIsDescribed() {
        assertThat(described).containsKeys(KNOWN.all().toArray(new String[0]));
        assertThat(new TreeSet<>(described.keySet()))
                .hasSize(KNOWN.all().size() + 4)
                .contains(
                        "leasehold.clients",
                        "leasehold.listeners",
                        "leasehold.nats.streams.named",
                        "management.health.leasehold.enabled");
        assertThat(described.values())
                .allSatisfy(property ->
                        assertThat(property.get("description").asString()).isNotBlank());
    }

    @Test
    void theExpectedKeysAreThere() {
        assertThat(described)
                .containsKeys(
                        "leasehold.enabled",
                        "leasehold.name",
                        "leasehold.publish.window",
                        "leasehold.publish.retry.first-delay",
                        "leasehold.consumer.lease-time",
                        "leasehold.consumer.handler-retry.retries",
                        "leasehold.consumer.redelivery.first",
                        "leasehold.consumer.dead-letter-to",
                        "leasehold.embedded.mode",
                        "leasehold.nats.servers",
                        "leasehold.nats.credentials.file",
                        "leasehold.nats.streams.replicas",
                        "leasehold.metrics.enabled",
                        "leasehold.observation.enabled");
    }

    @Test
    void theDefaultsAreThoseOfTheCore() {
        List<String> values = new ArrayList<>();
        described.forEach((name, property) -> {
            JsonNode value = property.get("defaultValue");
            if (value != null) {
                values.add(name + "=" + value.asString());
            }
        });
        assertThat(values).hasSizeGreaterThan(30);

        Contexts.runner().withPropertyValues(values.toArray(new String[0])).run(context -> {
            LeaseholdProperties properties = context.getBean(LeaseholdProperties.class);
            MessageConsumer<String> base =
                    context.getBean(MessageClient.class).consumer("quakes.>", "assessors", String.class);

            assertThat(properties.publish().settings()).isEqualTo(PublishSettings.defaults());
            assertThat(context.getBean(EmbeddedProperties.class).settings()).isEqualTo(EmbeddedSettings.defaults());
            assertThat(context.getBean(NatsProperties.class)).isEqualTo(natsWith(values, ""));
            assertThat(natsWith(values, "nats://one").settings())
                    .isEqualTo(NatsSettings.builder().servers("nats://one").build());
            assertThat(properties.consumer().applyTo(base).settings()).isEqualTo(base.settings());
            assertThat(properties.consumer().drainTimeout()).isEqualTo(ConsumerProperties.DRAIN_TIMEOUT);
        });
    }

    private static NatsProperties natsWith(List<String> values, String servers) {
        Map<String, String> properties = new LinkedHashMap<>();
        values.forEach(value ->
                properties.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1)));
        properties.put("leasehold.nats.servers", servers);
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("leasehold.nats", NatsProperties.class)
                .get();
    }
}
