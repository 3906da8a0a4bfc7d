package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.observation.MeterRecorder;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Meters of the client, where the application has a registry for them. */
@AutoConfiguration(
        before = LeaseholdAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnEnabled("metrics")
public final class LeaseholdMetricsAutoConfiguration {

    @Bean
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    @ConditionalOnMissingBean
    MeterRecorder leaseholdMeterRecorder(MeterRegistry registry) {
        return MeterRecorder.of(registry);
    }

    @Bean
    @ConditionalOnMissingBean(MeterRecorder.class)
    AmbiguousRegistries leaseholdAmbiguousMeterRegistries(ListableBeanFactory beans) {
        return AmbiguousRegistries.of(MeterRegistry.class, beans, "no meters", "leasehold.metrics.enabled=false");
    }
}
