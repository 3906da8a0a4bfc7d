package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.observation.ObservationStages;
import io.leasehold.observation.ProcessObservationConvention;
import io.leasehold.observation.SendObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

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
    @ConditionalOnMissingBean({ObservationStages.class, ClientStages.class})
    ClientStages leaseholdObservedClients(
            ObservationRegistry registry,
            ObjectProvider<ProcessObservationConvention> process,
            ObjectProvider<SendObservationConvention> send) {
        return broker -> {
            ObservationStages.Builder stages =
                    ObservationStages.builder(registry).system(broker.name());
            process.ifAvailable(stages::convention);
            send.ifAvailable(stages::convention);
            return stages.build();
        };
    }

    @Bean
    @ConditionalOnBean(ObservationStages.class)
    @ConditionalOnMissingBean
    ClientStages leaseholdObservedByApplication(ObservationStages stages) {
        return broker -> stages;
    }

    @Bean
    @ConditionalOnMissingBean({ObservationStages.class, ClientStages.class})
    AmbiguousRegistries leaseholdAmbiguousObservationRegistries(ListableBeanFactory beans) {
        return AmbiguousRegistries.of(
                ObservationRegistry.class, beans, "no observations", "leasehold.observation.enabled=false");
    }
}
