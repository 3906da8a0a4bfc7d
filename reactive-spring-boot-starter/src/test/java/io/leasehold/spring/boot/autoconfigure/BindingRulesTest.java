package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.listener.LeaseListener;
import io.leasehold.spring.boot.listener.LeaseListenerRegistry;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

/** Times and sizes have units; what a cluster writes into the environment for its services is no setting of ours. */
class BindingRulesTest {
    private final MockEnvironment environment = new MockEnvironment();

    /** All properties of these types. */
    static Stream<String> timesAndSizes() {
        List<String> names = new ArrayList<>(namesOf(LeaseholdProperties.class, "leasehold"));
        names.addAll(namesOf(ConsumerProperties.class, "leasehold.listeners.assessors"));
        names.addAll(namesOf(PublishProperties.class, "leasehold.clients.archive.publish"));
        assertThat(names).contains("leasehold.consumer.handler-timeout", "leasehold.clients.archive.publish.timeout");
        return names.stream();
    }

    private static List<String> namesOf(Class<?> type, String prefix) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                names.addAll(namesOf(component.getType(), name));
            } else if (component.getType() == Duration.class || component.getType() == DataSize.class) {
                names.add(name);
            }
        }
        return names;
    }

    private LeaseholdProperties bind(String name, Object value) {
        environment.setProperty("set.elsewhere", "20");
        Map<String, Object> source = new LinkedHashMap<>();
        source.put(name, value);
        Binder binder = new Binder(
                List.of(new MapConfigurationPropertySource(source)),
                new PropertySourcesPlaceholdersResolver(environment));
        BindingRules rules = new BindingRules(environment, List::of);
        return binder.bind("leasehold", Bindable.of(LeaseholdProperties.class), rules.apply(BindHandler.DEFAULT))
                .get();
    }

    @ParameterizedTest
    @MethodSource("timesAndSizes")
    void aBareNumberIsRefusedByItsName(String name) {
        for (Object bare : List.of("20", 20, "-3", "${set.elsewhere}")) {
            assertThatThrownBy(() -> bind(name, bare))
                    .rootCause()
                    .isInstanceOfSatisfying(MessagingException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
                        assertThat(refused.subject()).isEqualTo(name);
                        assertThat(refused.what()).endsWith("what?");
                        assertThat(refused.remedy()).startsWith("write ");
                    });
        }
    }

    @Test
    void whatHasAUnitAndWhatIsNothingInAnyUnitIsTaken() {
        assertThat(bind("leasehold.consumer.handler-timeout", "20s").consumer().handlerTimeout())
                .hasSeconds(20);
        assertThat(bind("leasehold.consumer.handler-timeout", "PT20S")
                        .consumer()
                        .handlerTimeout())
                .hasSeconds(20);
        assertThat(bind("leasehold.consumer.handler-retry.first-delay", "0")
                        .consumer()
                        .handlerRetry()
                        .firstDelay())
                .isZero();
        assertThat(bind("leasehold.publish.window-bytes", "8MB").publish().windowBytes())
                .isEqualTo(DataSize.ofMegabytes(8));
        assertThat(bind("leasehold.consumer.concurrency", "20").consumer().concurrency())
                .isEqualTo(20);
    }

    private static ApplicationContextRunner inAnEnvironmentOf(Map<String, Object> variables) {
        return Contexts.runner()
                .withBean(Desk.class)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)));
    }

    /** The variables that Kubernetes sets for a service. */
    private static Map<String, Object> service(String name) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put(name + "_SERVICE_HOST", "10.0.0.11");
        variables.put(name + "_SERVICE_PORT", "4222");
        variables.put(name + "_SERVICE_PORT_CLIENT", "4222");
        variables.put(name + "_PORT", "tcp://10.0.0.11:4222");
        variables.put(name + "_PORT_4222_TCP", "tcp://10.0.0.11:4222");
        variables.put(name + "_PORT_4222_TCP_PROTO", "tcp");
        variables.put(name + "_PORT_4222_TCP_PORT", "4222");
        variables.put(name + "_PORT_4222_TCP_ADDR", "10.0.0.11");
        return variables;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LEASEHOLD",
                "LEASEHOLD_NATS",
                "LEASEHOLD_NATS_SERVERS",
                "LEASEHOLD_LISTENERS",
                "LEASEHOLD_LISTENERS_ASSESSORS",
                "LEASEHOLD_CLIENTS",
                "LEASEHOLD_CLIENTS_ARCHIVE",
                "LEASEHOLD_CONSUMER",
                "LEASEHOLD_EMBEDDED",
                "LEASEHOLD_BROKER",
                "LEASEHOLD_NAME"
            })
    void variablesOfAServiceAreLeftAlone(String service) {
        inAnEnvironmentOf(service(service)).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(NatsProperties.class).servers()).isEmpty();
            assertThat(context.getBean(LeaseListenerRegistry.class).ids()).containsExactly("assessors");
        });
    }

    @Test
    void besideThemTheSettingsOfAListenerCount() {
        Map<String, Object> variables = service("LEASEHOLD_LISTENERS");
        variables.put("LEASEHOLD_LISTENERS_ASSESSORS_CONCURRENCY", "3");
        inAnEnvironmentOf(variables)
                .run(context -> assertThat(context.getBean(LeaseholdProperties.class)
                                .listeners()
                                .get("assessors")
                                .concurrency())
                        .isEqualTo(3));
    }

    @Test
    void aVariableOfAListenerThatIsNotThereIsNamed() {
        inAnEnvironmentOf(Map.of("LEASEHOLD_LISTENERS_ASESSORS_CONCURRENCY", "3"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("LEASEHOLD_LISTENERS_ASESSORS_CONCURRENCY")
                        .hasMessageContaining("known are assessors"));
    }

    /** Has one listener. */
    static final class Desk {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }
}
