package io.leasehold.spring.boot.listener;

import io.leasehold.spring.boot.autoconfigure.LeaseholdProperties;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import reactor.core.scheduler.Schedulers;

/** Finds the annotated methods of all beans when all singletons are there, and registers a listener for each. */
final class ListenerDetector implements SmartInitializingSingleton {
    private static final Logger log = LoggerFactory.getLogger(ListenerDetector.class);

    private final ConfigurableListableBeanFactory beans;
    private final ListenerFactory factory;
    private final ListenerRegistry registry;
    private final OutcomeObservers observers;
    private final LeaseholdProperties properties;
    private final Environment environment;

    ListenerDetector(
            ConfigurableListableBeanFactory beans,
            ListenerFactory factory,
            ListenerRegistry registry,
            OutcomeObservers observers,
            LeaseholdProperties properties,
            Environment environment) {
        this.beans = beans;
        this.factory = factory;
        this.registry = registry;
        this.observers = observers;
        this.properties = properties;
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beans.getBeanNamesForType(Object.class)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : typeOf(name);
            if (type != null && AnnotationUtils.isCandidateClass(type, LeaseListener.class)) {
                register(name, type);
            }
        }
        properties.listeners().keySet().forEach(this::requireListener);
    }

    private @Nullable Class<?> typeOf(String name) {
        try {
            return AutoProxyUtils.determineTargetClass(beans, name);
        } catch (RuntimeException | LinkageError unknown) {
            log.debug("The class of bean {} is not known; it has no listeners", name, unknown);
            return null;
        }
    }

    private void register(String name, Class<?> type) {
        Map<Method, LeaseListener> found =
                MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable LeaseListener>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, LeaseListener.class));
        found.forEach((method, annotation) -> {
            Signature signature = Signature.of(method, type);
            if (!beans.isSingleton(name)) {
                throw Signature.bad(
                        "its bean '" + name + "' is not a singleton: it is not known which instance to call",
                        signature.where(),
                        "move the method to a singleton");
            }
            Listener listener = factory.create(beans.getBean(name), signature, method, annotation);
            registry.add(new ListenerRunner(listener, observers, Schedulers.parallel()));
        });
    }

    private void requireListener(String id) {
        boolean known = registry.ids().stream().anyMatch(listener -> ListenerFactory.isSameName(listener, id));
        if (!known) {
            String name = LeaseholdProperties.PREFIX + ".listeners." + id;
            String written = placeOf(ConfigurationPropertyName.adapt(name, '.'));
            throw registry.unknown(written == null ? name : name + " from " + written);
        }
    }

    /** Finds where the first property of a listener is written. */
    private @Nullable String placeOf(ConfigurationPropertyName listener) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names) {
                Optional<ConfigurationProperty> first = names.stream()
                        .filter(listener::isAncestorOf)
                        .map(names::getConfigurationProperty)
                        .filter(Objects::nonNull)
                        .findFirst();
                if (first.isPresent()) {
                    return String.valueOf(first.get().getOrigin());
                }
            }
        }
        return null;
    }
}
