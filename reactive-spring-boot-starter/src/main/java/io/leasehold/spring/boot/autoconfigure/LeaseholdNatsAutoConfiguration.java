package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.nats.NatsBroker;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** NATS as a kind of broker, where its jar is there; else what says that the jar is missing. */
@AutoConfiguration(before = LeaseholdAutoConfiguration.class)
@ConditionalOnEnabled
public final class LeaseholdNatsAutoConfiguration {

    /** The jar is there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(NatsBroker.class)
    @EnableConfigurationProperties(NatsProperties.class)
    static class Present {
        @Bean
        static NatsBrokerFactory leaseholdNatsBrokerFactory() {
            return new NatsBrokerFactory();
        }
    }

    /** The jar is missing. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.leasehold.nats.NatsBroker")
    static class Missing {
        @Bean
        static MissingBroker leaseholdMissingNats() {
            return new MissingBroker("nats", "servers", "io.leasehold:leasehold-nats");
        }
    }
}
