package io.leasehold.spring.boot.autoconfigure;

import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.json.JsonMapper;

/** Bodies as JSON, where the application has Jackson's mapper. */
@AutoConfiguration(
        before = LeaseholdAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnEnabled
public final class LeaseholdJacksonAutoConfiguration {

    // Asked last, since it takes every type.
    @Bean
    @ConditionalOnSingleCandidate(JsonMapper.class)
    @ConditionalOnMissingBean
    @Order(Ordered.LOWEST_PRECEDENCE)
    JacksonCodecs leaseholdJacksonCodecs(JsonMapper mapper) {
        return new JacksonCodecs(mapper);
    }

    // Only who wants JSON is told.
    @Bean
    @ConditionalOnBean(JsonMapper.class)
    @ConditionalOnMissingBean(JacksonCodecs.class)
    @Order(Ordered.LOWEST_PRECEDENCE)
    AmbiguousCodecs leaseholdAmbiguousCodecs(ListableBeanFactory beans) {
        return new AmbiguousCodecs(List.of(beans.getBeanNamesForType(JsonMapper.class)));
    }
}
