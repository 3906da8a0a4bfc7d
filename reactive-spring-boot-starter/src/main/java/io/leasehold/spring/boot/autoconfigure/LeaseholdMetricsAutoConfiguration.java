package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.observation.MeterRecorder;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Meters of the client, where the application has a registry for them. */
@AutoConfiguration(
        before = LeaseholdAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnEnabled("metrics")
public final class LeaseholdMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    MeterRecorder leaseholdMeterRecorder(MeterRegistry registry) {
        return MeterRecorder.of(registry);
    }
}
