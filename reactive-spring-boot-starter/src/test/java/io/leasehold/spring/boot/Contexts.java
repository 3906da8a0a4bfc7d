package io.leasehold.spring.boot;

import io.leasehold.spring.boot.autoconfigure.LeaseholdAutoConfiguration;
import io.leasehold.spring.boot.autoconfigure.LeaseholdJacksonAutoConfiguration;
import io.leasehold.spring.boot.autoconfigure.LeaseholdMetricsAutoConfiguration;
import io.leasehold.spring.boot.autoconfigure.LeaseholdNatsAutoConfiguration;
import io.leasehold.spring.boot.autoconfigure.LeaseholdObservationAutoConfiguration;
import io.leasehold.spring.boot.listener.LeaseholdListenerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Application contexts as an application with this starter has them. */
public final class Contexts {
    private Contexts() {}

    /** All that the starter configures, and Boot's JSON mapper. */
    public static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        JacksonAutoConfiguration.class,
                        LeaseholdAutoConfiguration.class,
                        LeaseholdNatsAutoConfiguration.class,
                        LeaseholdJacksonAutoConfiguration.class,
                        LeaseholdMetricsAutoConfiguration.class,
                        LeaseholdObservationAutoConfiguration.class,
                        LeaseholdListenerAutoConfiguration.class));
    }
}
