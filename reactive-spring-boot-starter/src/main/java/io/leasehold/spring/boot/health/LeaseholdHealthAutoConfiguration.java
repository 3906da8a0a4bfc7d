package io.leasehold.spring.boot.health;

import io.leasehold.MessageClient;
import io.leasehold.spring.boot.autoconfigure.LeaseholdAutoConfiguration;
import io.leasehold.spring.boot.autoconfigure.LeaseholdProperties;
import io.leasehold.spring.boot.listener.LeaseListenerRegistry;
import io.leasehold.spring.boot.listener.LeaseholdListenerAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
            Map<String, MessageClient> clients,
            ObjectProvider<MessageClient> listened,
            ObjectProvider<LeaseListenerRegistry> registry,
            LeaseholdProperties properties) {
        Duration stuckAfter = properties.health().stuckAfter();
        return new Clients(listened.getIfUnique(), registry.getIfUnique(), stuckAfter).contributorOf(clients);
    }

    /** One indicator, or one for each of several clients; listeners belong to the client that is listened with. */
    private static final class Clients
            extends CompositeReactiveHealthContributorConfiguration<ClientHealthIndicator, MessageClient> {
        Clients(
                @Nullable MessageClient listened,
                @Nullable LeaseListenerRegistry registry,
                @Nullable Duration stuckAfter) {
            super(client -> new ClientHealthIndicator(
                    client,
                    () -> registry == null || client != listened ? List.of() : registry.statuses(),
                    stuckAfter));
        }

        ReactiveHealthContributor contributorOf(Map<String, MessageClient> clients) {
            return createContributor(clients);
        }
    }
}
