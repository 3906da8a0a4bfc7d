package io.leasehold.spring.boot.autoconfigure;

import io.leasehold.MessageClient;
import io.leasehold.broker.Broker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a client and a broker for each name below {@code leasehold.clients}. Who injects one of them gives its name
 * as a qualifier; without one the default client is injected, or where there is none the only client that has a name.
 */
final class NamedClients implements ImportBeanDefinitionRegistrar, EnvironmentAware, BeanFactoryAware {
    /** The bean whose methods make them. */
    static final String FACTORY = "leaseholdClients";

    private static final String CLIENT = "LeaseholdClient";
    private static final String BROKER = "LeaseholdBroker";

    private @Nullable Environment environment;
    private @Nullable ListableBeanFactory beans;

    @Override
    public void setEnvironment(Environment given) {
        environment = given;
    }

    @Override
    public void setBeanFactory(BeanFactory given) {
        beans = given instanceof ListableBeanFactory all ? all : null;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        Environment present = environment;
        ListableBeanFactory all = beans;
        if (present == null || all == null) {
            return;
        }
        List<String> names = ClientNames.in(present, KnownProperties.registeredIn(all));
        boolean brokersCount = isNone(Broker.class, all);
        boolean clientsCount = isNone(MessageClient.class, all);
        for (String name : names) {
            registry.registerBeanDefinition(name + BROKER, madeBy("broker", Broker.class, name, brokersCount));
            registry.registerBeanDefinition(name + CLIENT, madeBy("client", MessageClient.class, name, clientsCount));
        }
    }

    private static boolean isNone(Class<?> type, ListableBeanFactory beans) {
        return beans.getBeanNamesForType(type, true, false).length == 0;
    }

    private static RootBeanDefinition madeBy(String method, Class<?> type, String name, boolean byDefault) {
        RootBeanDefinition bean = new RootBeanDefinition(type);
        bean.setFactoryBeanName(FACTORY);
        bean.setFactoryMethodName(method);
        bean.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        bean.setDestroyMethodName(AbstractBeanDefinition.INFER_METHOD);
        bean.setDefaultCandidate(byDefault);
        bean.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        return bean;
    }

    /** Returns the name of the bean that is the broker of a client. */
    static String brokerOf(String client) {
        return client + BROKER;
    }

    /** Returns the name of the bean that is a client. */
    static String beanOf(String client) {
        return client + CLIENT;
    }

    /** Returns the name of the client that a bean is; that of the default client where no name was given. */
    static String nameOf(String bean) {
        return bean.endsWith(CLIENT) ? bean.substring(0, bean.length() - CLIENT.length()) : ClientNames.DEFAULT;
    }
}
