package io.leasehold.spring.boot.health;

import io.leasehold.MessageClient;
import io.leasehold.error.MessagingException;
import io.leasehold.spring.boot.autoconfigure.ClientLookup;
import io.leasehold.spring.boot.autoconfigure.LeaseholdAutoConfiguration;
import io.leasehold.spring.boot.autoconfigure.LeaseholdProperties;
import io.leasehold.spring.boot.listener.LeaseListenerRegistry;
import io.leasehold.spring.boot.listener.LeaseholdListenerAutoConfiguration;
import io.leasehold.spring.boot.listener.ListenerStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeReactiveHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.context.annotation.Bean;

/** The health of each client, under the name {@code leasehold}. */
@AutoConfiguration(after = {LeaseholdAutoConfiguration.class, LeaseholdListenerAutoConfiguration.class})
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean({MessageClient.class, LeaseholdProperties.class})
@ConditionalOnEnabledHealthIndicator("leasehold")
public final class LeaseholdHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"leaseholdHealthIndicator", "leaseholdHealthContributor"})
    ReactiveHealthContributor leaseholdHealthContributor(
            ListableBeanFactory beans,
            ClientLookup lookup,
            ObjectProvider<LeaseListenerRegistry> registry,
            LeaseholdProperties properties) {
        Map<String, MessageClient> clients = new LinkedHashMap<>();
        for (String name : beans.getBeanNamesForType(MessageClient.class)) {
            clients.put(name, beans.getBean(name, MessageClient.class));
        }
        Listeners listeners = new Listeners(registry.getIfUnique(), lookup, clients);
        return new Indicators(listeners, properties.health().stuckAfter()).contributorOf(clients);
    }

    /** Which listeners belong to which client. */
    private record Listeners(
            @Nullable LeaseListenerRegistry registry, ClientLookup lookup, Map<String, MessageClient> clients) {
        Collection<ListenerStatus> of(MessageClient client) {
            return registry == null
                    ? List.of()
                    : registry.statuses().stream()
                            .filter(listener -> clientOf(listener) == client)
                            .toList();
        }

        // A registry of the application may know clients that are no beans.
        private @Nullable MessageClient clientOf(ListenerStatus listener) {
            try {
                return clients.get(lookup.beanOf(listener.client(), listener.method()));
            } catch (MessagingException elsewhere) {
                return null;
            }
        }
    }

    /** One indicator, or one for each of several clients by the names of their beans. */
    private static final class Indicators
            extends CompositeReactiveHealthContributorConfiguration<ClientHealthIndicator, MessageClient> {
        Indicators(Listeners listeners, @Nullable Duration stuckAfter) {
            super(client -> new ClientHealthIndicator(client, () -> listeners.of(client), stuckAfter));
        }

        ReactiveHealthContributor contributorOf(Map<String, MessageClient> clients) {
            return createContributor(clients);
        }
    }
}
