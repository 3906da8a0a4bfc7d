package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

/**
 * Refuses what Boot would take and Leasehold does not, a time or a size without its unit. Leaves out what is no setting
 * of ours: what a cluster writes into the environment for a service whose name begins with {@code leasehold-listeners}
 * or {@code leasehold-clients}. Leaves to others what is bound apart, since its artifact may be missing: the properties
 * of brokers.
 */
final class BindingRules implements ConfigurationPropertiesBindHandlerAdvisor {
    private static final ConfigurationPropertyName OURS = ClientNames.OURS;
    private static final ConfigurationPropertyName CLIENTS = ClientNames.CLIENTS;
    private static final ConfigurationPropertyName LISTENERS = OURS.append("listeners");

    /** As Kubernetes names them: {@code X_SERVICE_HOST}, {@code X_SERVICE_PORT_HTTP}, {@code X_PORT_80_TCP_ADDR}. */
    private static final Pattern OF_A_SERVICE = Pattern.compile("LEASEHOLD_(LISTENERS|CLIENTS)_(.+_)?"
            + "(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    private final Environment environment;
    private final Supplier<? extends Collection<String>> brokers;

    /**
     * Makes the rules.
     *
     * @param brokers gives the names of all kinds of brokers; asked when properties are bound, and not before
     */
    BindingRules(Environment environment, Supplier<? extends Collection<String>> brokers) {
        this.environment = environment;
        this.brokers = brokers;
    }

    @Override
    public BindHandler apply(BindHandler parent) {
        return new Rules(parent);
    }

    private final class Rules extends AbstractBindHandler {
        Rules(BindHandler parent) {
            super(parent);
        }

        @Override
        public <T> @Nullable Bindable<T> onStart(
                ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
            boolean chosenByUsers = LISTENERS.isParentOf(name) || CLIENTS.isParentOf(name);
            return chosenByUsers && isOfAService(name, context) ? null : super.onStart(name, target, context);
        }

        @Override
        public @Nullable Object onSuccess(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
            ConfigurationProperty written = context.getConfigurationProperty();
            if (written != null && OURS.isAncestorOf(name)) {
                requireUnit(name, target.getType().resolve(Object.class), written.getValue());
            }
            return super.onSuccess(name, target, context, result);
        }

        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                throws Exception {
            return super.onFailure(name, target, context, saidOfClient(name, error));
        }

        @Override
        public void onFinish(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
                throws Exception {
            // The parent refuses what was not bound to anything when it finishes.
            if (name.equals(OURS)) {
                for (ConfigurationPropertyName elsewhere : namesBoundApart(context)) {
                    super.onSuccess(elsewhere, Bindable.of(Object.class), context, "");
                }
            }
            super.onFinish(name, target, context, result);
        }
    }

    // The record that refuses a property below leasehold.clients.<name>.<group> does not know of which client it is.
    private static Exception saidOfClient(ConfigurationPropertyName name, Exception error) {
        int client = CLIENTS.getNumberOfElements() + 1;
        MessagingException refused = refusalIn(error);
        if (refused == null || !CLIENTS.isAncestorOf(name) || name.getNumberOfElements() <= client) {
            return error;
        }

        String group = name.getElement(client, ConfigurationPropertyName.Form.DASHED);
        MessagingException said = Refusals.ofClient(name.chop(client), List.of(group), refused);
        return said.equals(refused) ? error : said;
    }

    private static @Nullable MessagingException refusalIn(@Nullable Throwable error) {
        Throwable cause = error;
        while (cause != null && !(cause instanceof MessagingException)) {
            cause = cause instanceof BindException ? null : cause.getCause();
        }
        return (MessagingException) cause;
    }

    private List<ConfigurationPropertyName> namesBoundApart(BindContext context) {
        Set<String> apart =
                brokers.get().stream().map(broker -> broker.replace("-", "")).collect(Collectors.toSet());
        List<ConfigurationPropertyName> names = new ArrayList<>();
        for (ConfigurationPropertySource source : context.getSources()) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream().filter(name -> isBelowOneOf(apart, name)).forEach(names::add);
            }
        }

        return names;
    }

    // leasehold.<broker>.*, or leasehold.clients.<name>.<broker>.*
    private static boolean isBelowOneOf(Set<String> brokers, ConfigurationPropertyName name) {
        int broker = CLIENTS.isAncestorOf(name) ? CLIENTS.getNumberOfElements() + 1 : OURS.getNumberOfElements();
        return OURS.isAncestorOf(name)
                && name.getNumberOfElements() > broker
                && brokers.contains(name.getElement(broker, ConfigurationPropertyName.Form.UNIFORM));
    }

    private void requireUnit(ConfigurationPropertyName name, Class<?> type, @Nullable Object value) {
        if (type != Duration.class && type != DataSize.class) {
            return;
        }

        String text = environment.resolvePlaceholders(String.valueOf(value)).strip();
        if (Refusals.lacksUnit(text)) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "a number without a unit: " + text + " what?",
                    name.toString(),
                    Refusals.withUnit(text, type));
        }
    }

    /** Tells whether all that is set for a listener or a client was set by a cluster for a service. */
    private static boolean isOfAService(ConfigurationPropertyName chosen, BindContext context) {
        List<ConfigurationProperty> set = new ArrayList<>();
        for (ConfigurationPropertySource source : context.getSources()) {
            if (source instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(name -> name.equals(chosen) || chosen.isAncestorOf(name))
                        .map(names::getConfigurationProperty)
                        .filter(Objects::nonNull)
                        .forEach(set::add);
            }
        }
        return !set.isEmpty() && set.stream().allMatch(BindingRules::isOfAService);
    }

    /** Tells whether a property was set by a cluster for a service. */
    static boolean isOfAService(ConfigurationProperty property) {
        return property.getOrigin() instanceof PropertySourceOrigin origin
                && origin.getPropertySource() instanceof SystemEnvironmentPropertySource
                && OF_A_SERVICE.matcher(origin.getPropertyName()).matches();
    }
}
