package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.MessagingException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Says what went wrong, where, and what to do, when an error of Leasehold stops the start. */
@Order(0)
final class MessagingFailureAnalyzer extends AbstractFailureAnalyzer<MessagingException> {
    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of(LeaseholdProperties.PREFIX);

    private final @Nullable BeanFactory beans;
    private final @Nullable Environment environment;

    MessagingFailureAnalyzer(@Nullable BeanFactory beans, @Nullable Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable failure, MessagingException cause) {
        BindException binding = findCause(failure, BindException.class);
        String where = binding == null ? cause.subject() : propertyOf(binding, cause);
        String what = where + ": " + cause.what() + " (" + cause.code().id() + " " + cause.code() + ").";
        return new FailureAnalysis(what, sentence(cause.remedy()), cause);
    }

    /** Names the property that was refused: what was bound, and below it what the record names. */
    private String propertyOf(BindException binding, MessagingException cause) {
        ConfigurationPropertyName bound = binding.getName();
        boolean ours = OURS.equals(bound) || OURS.isAncestorOf(bound);
        if (!ours || !ConfigurationPropertyName.isValid(cause.subject())) {
            return cause.subject();
        }
        boolean whole = cause.subject().equals(bound.toString());
        ConfigurationPropertyName name = whole ? bound : bound.append(cause.subject());
        return KnownProperties.in(beans).written(name.toString(), find(name));
    }

    private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
        if (environment == null) {
            return null;
        }

        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static String sentence(String clause) {
        String start = clause.substring(0, Math.min(1, clause.length())).toUpperCase(Locale.ROOT);
        return start + clause.substring(start.length()) + (clause.endsWith("?") ? "" : ".");
    }
}
