package io.leasehold.spring.boot.listener;

import io.leasehold.MessageClient;
import io.leasehold.spring.boot.autoconfigure.ClientLookup;
import io.leasehold.spring.boot.autoconfigure.LeaseholdAutoConfiguration;
import io.leasehold.spring.boot.autoconfigure.LeaseholdProperties;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Listeners by {@link LeaseListener}. Whoever brings a {@link LeaseListenerRegistry} does all of it. */
@AutoConfiguration(after = LeaseholdAutoConfiguration.class)
@ConditionalOnBean({LeaseholdProperties.class, MessageClient.class})
@ConditionalOnMissingBean(LeaseListenerRegistry.class)
public final class LeaseholdListenerAutoConfiguration {
    private static final Duration PHASE_TIMEOUT = Duration.ofSeconds(30);

    @Bean
    ListenerRegistry leaseListenerRegistry() {
        return new ListenerRegistry();
    }

    @Bean
    ListenerDetector leaseListenerDetector(
            ConfigurableListableBeanFactory beans,
            ListenerRegistry registry,
            ListenerFactory factory,
            LeaseholdProperties properties,
            Environment environment,
            ObjectProvider<LeaseOutcomeObserver> observers) {
        OutcomeObservers all = new OutcomeObservers(observers.orderedStream().toList());
        return new ListenerDetector(beans, factory, registry, all, properties, environment);
    }

    @Bean
    ListenerFactory leaseListenerFactory(
            ConfigurableListableBeanFactory beans,
            ClientLookup clients,
            LeaseholdProperties properties,
            ObjectProvider<LeaseConsumerCustomizer> customizers) {
        return new ListenerFactory(
                beans, clients, properties, customizers.orderedStream().toList());
    }

    @Bean
    ListenerLifecycle leaseListenerLifecycle(ListenerRegistry registry, Environment environment, ClientLookup clients) {
        Duration phase = Binder.get(environment)
                .bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
                .orElse(PHASE_TIMEOUT);
        return new ListenerLifecycle(registry, phase, clients);
    }
}
