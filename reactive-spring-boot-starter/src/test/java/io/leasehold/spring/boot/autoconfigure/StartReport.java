package io.leasehold.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.MessagingException;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;

/** Reads what a failed start reports to people, of the contexts of one runner. */
final class StartReport {
    private BeanFactory beans;
    private Environment environment;

    /** Returns the runner, whose failed starts can be read from then on. */
    ApplicationContextRunner on(ApplicationContextRunner runner) {
        return runner.withInitializer(context -> {
            beans = context.getBeanFactory();
            environment = context.getEnvironment();
        });
    }

    /** Reads why a start was refused. */
    FailureAnalysis refused(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        return required(new MessagingFailureAnalyzer(beans, environment).analyze(context.getStartupFailure()));
    }

    /** Reads which properties are not known. */
    FailureAnalysis unknown(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        return required(new UnknownPropertyFailureAnalyzer(beans).analyze(context.getStartupFailure()));
    }

    private static FailureAnalysis required(FailureAnalysis analysis) {
        assertThat(analysis).as("what the analyzer makes of the failure").isNotNull();
        return analysis;
    }

    /** Finds the refusal behind a failed start. */
    static MessagingException refusalOf(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        return Stream.iterate(context.getStartupFailure(), error -> error != null, Throwable::getCause)
                .filter(MessagingException.class::isInstance)
                .map(MessagingException.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no refusal", context.getStartupFailure()));
    }
}
