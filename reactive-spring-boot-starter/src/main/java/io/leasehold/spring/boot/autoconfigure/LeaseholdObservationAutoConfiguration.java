package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.broker.Broker;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.observation.ObservationStages;
import io.leasehold.observation.ProcessObservationConvention;
import io.leasehold.observation.SendObservationConvention;
import io.leasehold.publish.PublishStage;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Observations of runs and publishes, where the application has a registry for them. */
@AutoConfiguration(
        before = LeaseholdAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnEnabled("observation")
public final class LeaseholdObservationAutoConfiguration {

    @Bean
    @ConditionalOnSingleCandidate(ObservationRegistry.class)
    @ConditionalOnMissingBean
    ObservationStages leaseholdObservationStages(
            ObservationRegistry registry,
            ObjectProvider<Broker> broker,
            ObjectProvider<ProcessObservationConvention> process,
            ObjectProvider<SendObservationConvention> send) {
        ObservationStages.Builder stages = ObservationStages.builder(registry);
        broker.ifUnique(used -> stages.system(used.name()));
        process.ifAvailable(stages::convention);
        send.ifAvailable(stages::convention);
        return stages.build();
    }

    @Bean
    @ConditionalOnMissingBean(ObservationStages.class)
    AmbiguousRegistries leaseholdAmbiguousObservationRegistries(ListableBeanFactory beans) {
        return AmbiguousRegistries.of(
                ObservationRegistry.class, beans, "no observations", "leasehold.observation.enabled=false");
    }

    // Nearest to the handler and to the broker: what other stages delay is not measured.
    @Bean
    @ConditionalOnBean(ObservationStages.class)
    @Order(Ordered.LOWEST_PRECEDENCE)
    ConsumeStage leaseholdObservedRuns(ObservationStages stages) {
        return stages.consuming();
    }

    @Bean
    @ConditionalOnBean(ObservationStages.class)
    @Order(Ordered.LOWEST_PRECEDENCE)
    PublishStage leaseholdObservedPublishes(ObservationStages stages) {
        return stages.publishing();
    }
}
