package io.leasehold.spring.boot.listener;

import io.leasehold.broker.StartPosition;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.error.MessagingException;
import io.leasehold.spring.boot.autoconfigure.ClientLookup;
import io.leasehold.spring.boot.autoconfigure.ConsumerProperties;
import io.leasehold.spring.boot.autoconfigure.LeaseholdProperties;
import io.leasehold.spring.boot.autoconfigure.Refusals;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Makes listeners: core defaults, then {@code leasehold.consumer}, attributes, {@code leasehold.listeners.<id>}. */
final class ListenerFactory {
    private final ConfigurableListableBeanFactory beans;
    private final ClientLookup clients;
    private final LeaseholdProperties properties;
    private final List<LeaseConsumerCustomizer> customizers;

    ListenerFactory(
            ConfigurableListableBeanFactory beans,
            ClientLookup clients,
            LeaseholdProperties properties,
            List<LeaseConsumerCustomizer> customizers) {
        this.beans = beans;
        this.clients = clients;
        this.properties = properties;
        this.customizers = customizers;
    }

    /**
     * Makes the listener of a method.
     *
     * @param bean the bean, which may be a proxy
     * @param method as the class behind the proxy has it
     * @throws MessagingException naming the method, what is wrong and what to do
     */
    Listener create(Object bean, Signature signature, Method method, LeaseListener annotation) {
        try {
            Method invocable = invocable(method, bean, signature.where());
            return create(annotation, signature, new ListenerMethod(bean, invocable, signature));
        } catch (MessagingException refused) {
            throw Refusals.within(signature.where(), refused);
        }
    }

    private static Method invocable(Method method, Object bean, String where) {
        try {
            Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
            if (AopUtils.isCglibProxy(bean) && !isOverridden(invocable, bean.getClass())) {
                throw Signature.bad(
                        "the proxy of its bean cannot pass the method on, since it is "
                                + (Modifier.isFinal(method.getModifiers()) ? "final" : "not visible to the proxy")
                                + ": it would run on the proxy, whose fields are empty, and without advice",
                        where,
                        "make the method public and not final, or take from the bean what asks for a proxy");
            }
            return invocable;
        } catch (IllegalStateException hidden) {
            throw Signature.bad(
                    "the proxy of its bean does not have the method: " + hidden.getMessage(),
                    where,
                    "make the method public, or declare it in an interface of the bean");
        }
    }

    // A class-based proxy declares each method that it passes on; what it only inherits runs on the proxy itself.
    private static boolean isOverridden(Method method, Class<?> proxy) {
        return Arrays.stream(proxy.getDeclaredMethods())
                .anyMatch(own -> own.getName().equals(method.getName())
                        && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
    }

    private Listener create(LeaseListener annotation, Signature signature, ListenerMethod method) {
        AnnotationAttributes texts = new AnnotationAttributes(beans, signature.where());
        String topic = texts.required("topic", annotation.topic());
        String group = texts.required("group", annotation.group());
        String id = Optional.ofNullable(texts.value("id", annotation.id(), String.class))
                .orElse(group);
        String client = Optional.ofNullable(texts.value("client", annotation.client(), String.class))
                .orElse("");
        boolean autoStart = Boolean.TRUE.equals(texts.value("autoStart", annotation.autoStart(), Boolean.class));
        // OutcomeObservers writes down what fails, with the id of the listener and the trace of the error.
        String bean = clients.beanOf(client, signature.where());
        MessageConsumer<?> base =
                clients.client(bean).consumer(topic, group, signature.body()).logFailures(false);

        return new Listener(
                id,
                topic,
                group,
                client,
                bean,
                signature.where(),
                consuming(id, annotated(properties.consumer().applyTo(base), annotation, texts), method),
                drainTimeout(id),
                autoStart);
    }

    private <T> Listener.Consuming<T> consuming(String id, MessageConsumer<T> annotated, ListenerMethod method) {
        MessageConsumer<T> own =
                propertiesOf(id).map(found -> found.applyTo(annotated)).orElse(annotated);
        return new Listener.Consuming<>(customized(id, own), method.handler());
    }

    // A customizer returns what came from what it was given, so that the type of the body is the same.
    @SuppressWarnings("unchecked")
    private <T> MessageConsumer<T> customized(String id, MessageConsumer<T> consumer) {
        MessageConsumer<?> present = consumer;
        for (LeaseConsumerCustomizer customizer : customizers) {
            present = Refusals.<MessageConsumer<?>>customized(
                    customizer, present, given -> customizer.customize(id, given));
        }
        return (MessageConsumer<T>) present;
    }

    private static <T> MessageConsumer<T> annotated(
            MessageConsumer<T> base, LeaseListener from, AnnotationAttributes texts) {
        MessageConsumer<T> consumer =
                with(base, texts.value("concurrency", from.concurrency(), Integer.class), MessageConsumer::concurrency);
        consumer =
                with(consumer, texts.value("leaseTime", from.leaseTime(), Duration.class), MessageConsumer::leaseTime);
        consumer = with(
                consumer,
                texts.value("handlerTimeout", from.handlerTimeout(), Duration.class),
                MessageConsumer::handlerTimeout);
        consumer = with(
                consumer,
                texts.value("maxDeliveries", from.maxDeliveries(), Integer.class),
                MessageConsumer::maxDeliveries);
        consumer = with(
                consumer,
                texts.value("deadLetterTo", from.deadLetterTo(), String.class),
                MessageConsumer::deadLetterTo);
        consumer = consumer.startFrom(startOf(texts.required("startFrom", from.startFrom()), texts));
        boolean keyed = Boolean.TRUE.equals(texts.value("keyed", from.keyed(), Boolean.class));

        return keyed ? consumer.keyed() : consumer;
    }

    private static <T, V> MessageConsumer<T> with(
            MessageConsumer<T> consumer,
            @Nullable V value,
            BiFunction<MessageConsumer<T>, V, MessageConsumer<T>> setting) {
        return value == null ? consumer : setting.apply(consumer, value);
    }

    private static StartPosition startOf(String text, AnnotationAttributes texts) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "earliest" -> StartPosition.EARLIEST;
            case "latest" -> StartPosition.LATEST;
            default -> {
                Instant instant = texts.value("startFrom", text, Instant.class);
                yield instant == null ? StartPosition.EARLIEST : StartPosition.at(instant);
            }
        };
    }

    private Duration drainTimeout(String id) {
        Duration all = properties.consumer().drainTimeoutOr(ConsumerProperties.DRAIN_TIMEOUT);
        return propertiesOf(id).map(own -> own.drainTimeoutOr(all)).orElse(all);
    }

    private Optional<ConsumerProperties> propertiesOf(String id) {
        return properties.listeners().entrySet().stream()
                .filter(entry -> isSameName(entry.getKey(), id))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Tells whether two names are the same for Boot, which ignores hyphens and the case of letters. */
    static boolean isSameName(String one, String other) {
        return plain(one).equals(plain(other));
    }

    private static String plain(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }
}
