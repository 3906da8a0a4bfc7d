package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.broker.Broker;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.NatsBroker;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** NATS as the broker, where its jar is there and it was asked for or its servers are set. */
@AutoConfiguration(before = LeaseholdAutoConfiguration.class)
@ConditionalOnClass(NatsBroker.class)
@ConditionalOnEnabled
@EnableConfigurationProperties(NatsProperties.class)
public final class LeaseholdNatsAutoConfiguration {
    private final NatsProperties properties;

    /** Reads the properties whatever the broker is: a wrong one stops the start. */
    LeaseholdNatsAutoConfiguration(NatsProperties properties) {
        this.properties = properties;
    }

    @Bean
    @Conditional(OnNats.class)
    @ConditionalOnMissingBean(Broker.class)
    NatsBroker leaseholdNatsBroker() {
        if (properties.servers().isEmpty()) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "leasehold.broker is nats, and no server is set",
                    "nats.servers",
                    "set leasehold.nats.servers, to nats://localhost:4222 for example");
        }
        return NatsBroker.of(properties.settings());
    }

    @Bean
    @ConditionalOnBooleanProperty(NatsProperties.PREFIX + ".connection.fail-fast")
    @ConditionalOnMissingBean
    StartLimits leaseholdStartLimits() {
        return properties.startLimits();
    }
}
