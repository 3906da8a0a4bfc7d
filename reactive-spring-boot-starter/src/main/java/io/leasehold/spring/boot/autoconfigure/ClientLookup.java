package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClient;
import io.leasehold.api.Internal;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the bean of a client by what a listener calls it: a name below {@code leasehold.clients}, however it is
 * written, or the name or qualifier of a bean.
 */
@Internal
public final class ClientLookup {
    private final ConfigurableListableBeanFactory beans;
    private final ClientBrokers brokers;

    ClientLookup(ConfigurableListableBeanFactory beans, ClientBrokers brokers) {
        this.beans = beans;
        this.brokers = brokers;
    }

    /**
     * Returns the name of the bean that is the client.
     *
     * @param client what it is called; empty for the client that is injected where no name is given
     * @param where who asks, for people
     * @throws MessagingException {@code BAD_SETTING} when there is no such client, or more than one
     */
    public String beanOf(String client, String where) {
        return client.isEmpty() ? byDefault(where) : named(client, where);
    }

    private String byDefault(String where) {
        try {
            return beans.resolveNamedBean(MessageClient.class).getBeanName();
        } catch (NoUniqueBeanDefinitionException several) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "there are " + all().size() + " beans of type MessageClient: " + String.join(", ", all()),
                    where,
                    "name the client of the listener, or mark one @Primary",
                    several);
        }
    }

    private String named(String client, String where) {
        List<String> exactly = all().stream()
                .filter(bean -> BeanFactoryAnnotationUtils.isQualifierMatch(client::equals, bean, beans))
                .toList();
        if (exactly.size() > 1) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "there are " + exactly.size() + " clients '" + client + "': the beans "
                            + String.join(", ", exactly),
                    where,
                    "give each a qualifier of its own, or name one of the beans");
        }

        return exactly.stream()
                .findFirst()
                .or(() -> brokers.clientLike(client).map(NamedClients::beanOf).filter(all()::contains))
                .orElseThrow(() -> unknown(client, where));
    }

    private MessagingException unknown(String client, String where) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "there is no client '" + client + "'",
                where,
                "name one of the beans " + String.join(", ", all()) + ", or set leasehold.clients." + client
                        + ".broker");
    }

    private List<String> all() {
        return List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, MessageClient.class));
    }

    /** Returns the client that is the bean of that name. */
    public MessageClient client(String bean) {
        return beans.getBean(bean, MessageClient.class);
    }

    /**
     * Returns how long the start waits for the broker of a client; null for not at all.
     *
     * @param bean the name of the bean; one that is made by the application is treated like the default client
     */
    public @Nullable StartLimits startLimits(String bean) {
        return brokers.startLimits(NamedClients.nameOf(bean));
    }

    /** Says of a client what was said of the default one: its properties stand below its name. */
    public MessagingException saidOf(String bean, MessagingException refused) {
        return brokers.saidOf(NamedClients.nameOf(bean), refused);
    }
}
