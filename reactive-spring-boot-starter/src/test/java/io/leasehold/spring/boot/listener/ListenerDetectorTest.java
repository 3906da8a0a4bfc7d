package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.MessageClientBuilder;
import io.leasehold.consume.ConsumeSettings;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.spring.boot.Contexts;
import io.leasehold.spring.boot.autoconfigure.MessageClientBuilderCustomizer;
import io.leasehold.spring.boot.other.BaseOfAnotherPackage;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.core.annotation.AliasFor;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Which methods become listeners, with which settings, and what is said of those that cannot. */
class ListenerDetectorTest {
    private final AtomicReference<ConsumeSettings> settings = new AtomicReference<>();
    private final ApplicationContextRunner runner = Contexts.runner()
            .withBean(LeaseConsumerCustomizer.class, () -> (listener, consumer) -> {
                settings.set(consumer.settings());
                return consumer;
            });

    @Test
    void theIdIsThatOfTheGroupByDefault() {
        runner.withBean(Plain.class).run(context -> {
            ListenerStatus status = registryOf(context).status("assessors");

            assertThat(status.topic()).isEqualTo("quakes.>");
            assertThat(status.group()).isEqualTo("assessors");
            assertThat(status.method()).isEqualTo("@LeaseListener " + Plain.class.getName() + ".on(String)");
            assertThat(status.phase()).isEqualTo(ListenerStatus.Phase.RUNNING);
            assertThat(settings.get()).isEqualTo(ConsumeSettings.defaults());
        });
    }

    private static LeaseListenerRegistry registryOf(AssertableApplicationContext context) {
        return context.getBean(LeaseListenerRegistry.class);
    }

    @Test
    void attributesTakePlaceholdersAndExpressions() {
        runner.withBean(AnnotationAttributes.class)
                .withPropertyValues("desk.topic=quakes.nc", "desk.group=assessors", "desk.concurrency=3")
                .run(context -> {
                    ListenerStatus status = registryOf(context).status("desk-1");

                    assertThat(status.topic()).isEqualTo("quakes.nc");
                    assertThat(status.group()).isEqualTo("assessors");
                    assertThat(status.phase()).isEqualTo(ListenerStatus.Phase.STOPPED);
                    assertThat(settings.get().flow().concurrency()).isEqualTo(6);
                    assertThat(settings.get().hold().leaseTime()).hasSeconds(7);
                    assertThat(settings.get().failures().handlerTimeout()).hasMinutes(1);
                    assertThat(settings.get().failures().maxDeliveries()).isEqualTo(9);
                    assertThat(settings.get().failures().deadLetterTo()).isEqualTo("dead.desk");
                });
    }

    @Test
    void propertiesOfOneListenerWinOverAttributesAndTheseOverPropertiesOfAll() {
        runner.withBean(Two.class)
                .withPropertyValues(
                        "leasehold.consumer.lease-time=3s",
                        "leasehold.consumer.concurrency=3",
                        "leasehold.consumer.prefetch=3",
                        "leasehold.listeners.quake-desk.lease-time=5s",
                        "leasehold.listeners.quake-desk.drain-timeout=6s")
                .run(context -> {
                    assertThat(settings.get().hold().leaseTime()).hasSeconds(5);
                    assertThat(settings.get().flow().concurrency()).isEqualTo(4);
                    assertThat(settings.get().flow().prefetch()).isEqualTo(3);
                    assertThat(context.getBean(ListenerRegistry.class).runners())
                            .extracting(found -> found.listener().drainTimeout())
                            .containsExactly(Duration.ofSeconds(6));
                });
    }

    @Test
    void idsAreFoundHoweverBootWritesThem() {
        runner.withBean(Two.class)
                .withPropertyValues("leasehold.listeners.quakedesk.lease-time=5s")
                .run(context -> assertThat(settings.get().hold().leaseTime()).hasSeconds(5));
    }

    @Test
    void anAnnotationOfAnAnnotationCounts() {
        runner.withBean(Composed.class)
                .run(context -> assertThat(registryOf(context).ids()).containsExactly("composed"));
    }

    @Test
    void aMethodBehindAProxyIsCalledThroughIt() {
        Probe probe = new Probe();
        AtomicReference<String> through = new AtomicReference<>();
        ProxyFactory proxies = new ProxyFactory(new Open());
        proxies.setProxyTargetClass(true);
        proxies.addAdvice((MethodInterceptor) invocation -> {
            through.set(invocation.getMethod().getName());
            return invocation.proceed();
        });
        runner.withBean(Probe.class, () -> probe)
                .withBean(Open.class, () -> (Open) proxies.getProxy())
                .run(context -> {
                    Probe.publish(context, Message.to("open").body("a"));
                    probe.await(1);

                    assertThat(through).hasValue("on");
                });
    }

    @ParameterizedTest
    @ValueSource(classes = {FinalMethod.class, OfAnotherPackage.class, PrivateMethod.class})
    void aMethodThatWouldRunOnTheProxyInsteadOfTheBeanStopsTheStart(Class<?> type) {
        ContextConsumer<AssertableApplicationContext> refused = context ->
                assertRefused(context, ErrorCode.BAD_HANDLER, "the proxy of its bean", type.getSimpleName() + ".on");
        runner.withBean("proxied", type)
                .withBean(BeanNameAutoProxyCreator.class, ListenerDetectorTest::classProxies)
                .run(refused);
    }

    @ParameterizedTest
    @ValueSource(classes = {FinalMethod.class, OfAnotherPackage.class, PrivateMethod.class})
    void withoutAProxyItIsCalled(Class<?> type) {
        runner.withBean("proxied", type)
                .run(context -> assertThat(registryOf(context).ids()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(classes = {Open.class, PackagePrivate.class, Generic.class})
    void aMethodThatTheProxyPassesOnIsCalled(Class<?> type) {
        runner.withBean("proxied", type)
                .withBean(BeanNameAutoProxyCreator.class, ListenerDetectorTest::classProxies)
                .run(context -> {
                    assertThat(AopUtils.isCglibProxy(context.getBean("proxied")))
                            .isTrue();
                    assertThat(registryOf(context).ids()).hasSize(1);
                });
    }

    private static BeanNameAutoProxyCreator classProxies() {
        BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
        proxies.setBeanNames("proxied");
        proxies.setProxyTargetClass(true);
        return proxies;
    }

    @Test
    void aMethodThatItsProxyDoesNotHaveStopsTheStart() {
        runner.withBean("closed", Closed.class)
                .withBean(BeanNameAutoProxyCreator.class, () -> {
                    BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
                    proxies.setBeanNames("closed");
                    return proxies;
                })
                .run(context -> assertRefused(context, ErrorCode.BAD_HANDLER, "the proxy of its bean", "Closed.on"));
    }

    @Test
    void aBeanThatIsNoSingletonStopsTheStart() {
        runner.withBean("plain", Plain.class, Plain::new, definition -> definition.setScope("prototype"))
                .run(context -> assertRefused(context, ErrorCode.BAD_HANDLER, "not a singleton", "Plain.on(String)"));
    }

    @Test
    void badAttributesStopTheStart() {
        runner.withBean(BadTopic.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_TOPIC, "a space", "position 6", "topic 'quakes nc'", "BadTopic.on"));
        runner.withBean(BadGroup.class)
                .run(context -> assertRefused(context, ErrorCode.BAD_SETTING, "group 'a b'", "BadGroup.on"));
        runner.withBean(NoTopic.class)
                .run(context -> assertRefused(context, ErrorCode.BAD_SETTING, "topic is empty", "NoTopic.on"));
        runner.withBean(BadNumber.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "concurrency 'many' is no Integer", "BadNumber.on"));
        runner.withBean(BadTime.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "leaseTime 'soon' is no Duration", "BadTime.on", "30s"));
        runner.withBean(BareNumber.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "handlerTimeout '20'", "20 what?", "BareNumber.on", "20s"));
        runner.withBean(BadStart.class)
                .run(context ->
                        assertRefused(context, ErrorCode.BAD_SETTING, "startFrom 'noon' is no Instant", "BadStart.on"));
        runner.withBean(Unfilled.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "cannot be worked out from '${nowhere}'", "Unfilled.on"));
        runner.withBean(BadExpression.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "cannot be worked out from '#{1 +}'", "BadExpression.on"));
    }

    @Test
    void whatTheCoreRefusesAtOnceStopsTheStart() {
        runner.withBean(Plain.class)
                .withPropertyValues("leasehold.consumer.lease-time=400ms")
                .run(context -> assertRefused(context, ErrorCode.LEASE_TIME_TOO_SHORT, "Plain.on(String)"));
        runner.withBean(Plain.class)
                .withPropertyValues("leasehold.consumer.dead-letter-to=quakes.dead")
                .run(context -> assertRefused(context, ErrorCode.TOPIC_LOOP, "quakes.dead", "Plain.on(String)"));
        runner.withBean(Plain.class)
                .withPropertyValues("leasehold.listeners.assessors.dead-letter-to=dead..letters")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("an empty token"));
    }

    @Test
    void aBodyThatNoCodecKnowsStopsTheStart() {
        runner.withClassLoader(new FilteredClassLoader(JsonMapper.class))
                .withBean(AnyBody.class)
                .run(context -> assertRefused(
                        context,
                        ErrorCode.CODEC_MISSING,
                        Body.class.getName(),
                        "AnyBody.on(Body)",
                        "spring-boot-starter-jackson"));
        runner.withClassLoader(new FilteredClassLoader(JsonMapper.class))
                .withBean(ListBody.class)
                .run(context -> assertRefused(
                        context,
                        ErrorCode.CODEC_MISSING,
                        "java.util.List<" + Body.class.getName() + ">",
                        "ListBody.on(List)",
                        "spring-boot-starter-jackson"));
    }

    @Test
    void twoMappersOfWhichNoneIsPrimaryAreNamedToWhoWantsJson() {
        ApplicationContextRunner two = runner.withBean("one", JsonMapper.class, JsonMapper::new)
                .withBean("other", JsonMapper.class, JsonMapper::new);
        two.withBean(AnyBody.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "one, other", "JsonMapper", "mark one @Primary", "AnyBody.on"));
        two.withBean(Plain.class).run(context -> assertThat(context).hasNotFailed());
        two.withBean("third", JsonMapper.class, JsonMapper::new, definition -> definition.setPrimary(true))
                .withBean(AnyBody.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void twoClientsOfWhichNoneIsPrimaryAreNamedToWhoListens() {
        ApplicationContextRunner two = runner.withBean("one", MessageClient.class, ListenerDetectorTest::client)
                .withBean("other", MessageClient.class, ListenerDetectorTest::client);
        two.withBean(Plain.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "one, other", "MessageClient", "one @Primary", "Plain.on"));
        two.run(context -> assertThat(context).hasNotFailed());
        two.withBean("third", MessageClient.class, ListenerDetectorTest::client, one -> one.setPrimary(true))
                .withBean(Plain.class)
                .run(context -> assertThat(registryOf(context).ids()).containsExactly("assessors"));
    }

    @Test
    void twoClientsOfOneQualifierAreToldFromNone() {
        ApplicationContextRunner one = runner.withBean(OfBooks.class)
                .withBean("one", MessageClient.class, ListenerDetectorTest::client, ListenerDetectorTest::qualify);
        runner.withBean(OfBooks.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "no client 'books'", "leasehold.clients.books", "OfBooks.on"));
        one.run(context -> assertThat(registryOf(context).ids()).containsExactly("assessors"));
        one.withBean("other", MessageClient.class, ListenerDetectorTest::client, ListenerDetectorTest::qualify)
                .run(context ->
                        assertRefused(context, ErrorCode.BAD_SETTING, "2 clients 'books'", "one, other", "OfBooks.on"));
    }

    private static void qualify(BeanDefinition bean) {
        ((AbstractBeanDefinition) bean).addQualifier(new AutowireCandidateQualifier(Qualifier.class, "books"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit-log", "auditLog", "AUDIT_LOG", "auditlog", "audit-logLeaseholdClient"})
    void aClientIsFoundHoweverBootWritesIt(String name) {
        runner.withBean(OfAProperty.class)
                .withPropertyValues("leasehold.clients.audit-log.broker=embedded", "desk.client=" + name)
                .run(context -> assertThat(
                                registryOf(context).status("assessors").client())
                        .isEqualTo(name));
    }

    @Test
    void twoListenersOfOneGroupOfAClientAreRefusedAlsoWhenTheyNameItInTwoWays() {
        runner.withBean(OfOneGroup.class)
                .withPropertyValues("leasehold.clients.audit-log.broker=embedded")
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "the group 'assessors' is already", "OfOneGroup.o"));
    }

    /** Names a client that nobody configures. */
    static final class OfBooks {
        @LeaseListener(topic = "quakes.>", group = "assessors", client = "books")
        void on(String body) {}
    }

    /** Names the client that a property names. */
    static final class OfAProperty {
        @LeaseListener(topic = "quakes.>", group = "assessors", client = "${desk.client}")
        void on(String body) {}
    }

    /** Names one client in two ways. */
    static final class OfOneGroup {
        @LeaseListener(topic = "quakes.>", group = "assessors", id = "one", client = "audit-log")
        void one(String body) {}

        @LeaseListener(topic = "quakes.>", group = "assessors", id = "other", client = "audit-logLeaseholdClient")
        void other(String body) {}
    }

    private static MessageClient client() {
        return MessageClient.builder().build();
    }

    @Test
    void aCustomizerThatThrowsOrReturnsNullIsNamed() {
        runner.withBean(Plain.class)
                .withBean("throwing", LeaseConsumerCustomizer.class, Throwing::new)
                .run(context ->
                        assertRefused(context, ErrorCode.BAD_SETTING, "planted", "$Throwing", "Plain.on(String)"));
        runner.withBean(Plain.class)
                .withBean("nothing", LeaseConsumerCustomizer.class, Nothing::new)
                .run(context ->
                        assertRefused(context, ErrorCode.BAD_SETTING, "returned null", "$Nothing", "Plain.on(String)"));
        runner.withBean("throwing", MessageClientBuilderCustomizer.class, ThrowingToo::new)
                .run(context -> assertRefused(context, ErrorCode.BAD_SETTING, "planted", "$ThrowingToo"));
    }

    /** Throws. */
    static final class Throwing implements LeaseConsumerCustomizer {
        @Override
        public MessageConsumer<?> customize(String listener, MessageConsumer<?> consumer) {
            throw new IllegalStateException("planted");
        }
    }

    /** Returns nothing. */
    static final class Nothing implements LeaseConsumerCustomizer {
        @Override
        public MessageConsumer<?> customize(String listener, MessageConsumer<?> consumer) {
            return null;
        }
    }

    /** Throws, too. */
    static final class ThrowingToo implements MessageClientBuilderCustomizer {
        @Override
        public void customize(MessageClientBuilder builder) {
            throw new IllegalStateException("planted");
        }
    }

    @Test
    void methodsCanBeCalledInANativeImage() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Plain.class);
        Method method = Plain.class.getDeclaredMethod("on", String.class);

        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                .accepts(hints);
    }

    @Test
    void twoListenersOfOneGroupOrIdStopTheStart() {
        runner.withBean(SameGroup.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "the group 'assessors' is already that of", "SameGroup.o"));
        runner.withBean(Plain.class)
                .withBean(SameId.class)
                .run(context -> assertRefused(
                        context, ErrorCode.BAD_SETTING, "the id 'assess-ors' is already that of", "SameId.on"));
    }

    @Test
    void settingsOfAListenerThatIsNotThereStopTheStart() {
        runner.withBean(Plain.class)
                .withPropertyValues("leasehold.listeners.asessors.concurrency=3")
                .run(context -> assertRefused(
                        context,
                        ErrorCode.BAD_SETTING,
                        "no listener has this id",
                        "leasehold.listeners.asessors",
                        "known are assessors"));
    }

    private static void assertRefused(AssertableApplicationContext context, ErrorCode code, String... texts) {
        Throwable failure = context.getStartupFailure();
        assertThat(failure).isNotNull();

        Throwable cause = failure;
        while (!(cause instanceof MessagingException) && cause.getCause() != null) {
            cause = cause.getCause();
        }

        assertThat(cause).isInstanceOfSatisfying(MessagingException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.getMessage()).contains(texts);
        });
    }

    /** With nothing but what must be said. */
    static class Plain {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    /** A body of its own. */
    record Body(String text) {}

    static class AnyBody {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        void on(Body body) {}
    }

    static class ListBody {
        @LeaseListener(topic = "quakes.>", group = "assessors")
        void on(List<Body> bodies) {}
    }

    /** With texts. */
    static class AnnotationAttributes {
        @LeaseListener(
                value = "${desk.topic}",
                group = "${desk.group}",
                id = "desk-#{2 - 1}",
                concurrency = "#{2 * ${desk.concurrency}}",
                leaseTime = "${desk.lease:7s}",
                handlerTimeout = "PT1M",
                maxDeliveries = "9",
                deadLetterTo = "#{'dead.' + 'desk'}",
                keyed = "true",
                startFrom = "2016-01-01T00:00:00Z",
                autoStart = "false")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    /** With two settings. */
    static class Two {
        @LeaseListener(topic = "quakes.>", group = "quakeDesk", concurrency = "4", leaseTime = "4s")
        Mono<Void> on(String body) {
            return Mono.empty();
        }
    }

    /** Listens to quakes. */
    @LeaseListener(topic = "quakes.>", group = "composed")
    @Retention(RetentionPolicy.RUNTIME)
    @interface QuakeListener {
        @AliasFor(annotation = LeaseListener.class, attribute = "concurrency")
        String atOnce() default "1";
    }

    /** With an annotation of its own. */
    static class Composed {
        @QuakeListener(atOnce = "2")
        void on(String body) {}
    }

    /** Open to subclasses. */
    static class Open {
        @LeaseListener(topic = "open", group = "open")
        public void on(String body) {}
    }

    /** Closed to proxies. */
    static class FinalMethod {
        @LeaseListener(topic = "open", group = "open")
        public final void on(String body) {}
    }

    /** Closed to everybody. */
    static class PrivateMethod {
        @LeaseListener(topic = "open", group = "open")
        private void on(String body) {}
    }

    /** Inherits what no class of this package sees. */
    static class OfAnotherPackage extends BaseOfAnotherPackage {}

    /** Open to proxies of its package. */
    static class PackagePrivate {
        @LeaseListener(topic = "open", group = "open")
        void on(String body) {}
    }

    /** Has a method that does not know its body. */
    abstract static class OfAnything<T> {
        @LeaseListener(topic = "open", group = "open")
        public void on(T body) {}
    }

    /** Knows it. */
    static class Generic extends OfAnything<String> {}

    /** Has a method that its interface has not. */
    static class Closed implements Runnable {
        @LeaseListener(topic = "closed", group = "closed")
        public void on(String body) {}

        @Override
        public void run() {}
    }

    static class BadTopic {
        @LeaseListener(topic = "quakes nc", group = "assessors")
        void on(String body) {}
    }

    static class BadGroup {
        @LeaseListener(topic = "quakes.>", group = "a b")
        void on(String body) {}
    }

    static class NoTopic {
        @LeaseListener(group = "assessors")
        void on(String body) {}
    }

    static class BadNumber {
        @LeaseListener(topic = "quakes.>", group = "assessors", concurrency = "many")
        void on(String body) {}
    }

    static class BadTime {
        @LeaseListener(topic = "quakes.>", group = "assessors", leaseTime = "soon")
        void on(String body) {}
    }

    static class BareNumber {
        @LeaseListener(topic = "quakes.>", group = "assessors", handlerTimeout = "20")
        void on(String body) {}
    }

    static class BadStart {
        @LeaseListener(topic = "quakes.>", group = "assessors", startFrom = "noon")
        void on(String body) {}
    }

    static class Unfilled {
        @LeaseListener(topic = "${nowhere}", group = "assessors")
        void on(String body) {}
    }

    static class BadExpression {
        @LeaseListener(topic = "#{1 +}", group = "assessors")
        void on(String body) {}
    }

    static class SameGroup {
        @LeaseListener(topic = "quakes.>", group = "assessors", id = "one")
        void one(String body) {}

        @LeaseListener(topic = "tremors.>", group = "assessors", id = "other")
        void other(String body) {}
    }

    static class SameId {
        @LeaseListener(topic = "quakes.>", group = "others", id = "assess-ors")
        void on(String body) {}
    }
}
