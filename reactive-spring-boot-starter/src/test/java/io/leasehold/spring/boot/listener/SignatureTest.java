package io.leasehold.spring.boot.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.consume.Delivery;
import io.leasehold.consume.Disposition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.Lease;
import io.leasehold.message.BodyType;
import io.leasehold.message.Headers;
import io.leasehold.message.Message;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kotlin.Lazy;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.jvm.functions.Function0;
import kotlinx.coroutines.Deferred;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What listener methods may look like, and what is said of the others. */
class SignatureTest {

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "nothing, Message, BLOCKING",
        "text, String, REACTIVE",
        "bytes, byte[], REACTIVE",
        "number, Integer, BLOCKING",
        "delivery, String, REACTIVE",
        "everything, String, REACTIVE",
        "anyDelivery, String, BLOCKING",
        "onlyTheMessage, Message, BLOCKING",
        "map, Map, BLOCKING",
        "anything, List, BLOCKING",
        "anythingAtAll, List, BLOCKING",
        "list, List<String>, BLOCKING",
        "bounded, List<Number>, BLOCKING",
        "deliveryOfAList, List<String>, BLOCKING",
        "boundedDelivery, Number, BLOCKING",
        "arrayOfLists, List<Integer>[], BLOCKING",
        "arrayOfAnything, List[], BLOCKING",
        "fluxOfThings, String, REACTIVE",
        "publisher, String, REACTIVE",
        "flow, String, REACTIVE",
        "stage, String, STAGE",
        "future, String, STAGE",
        "decides, String, BLOCKING",
        "ofTheBase, String, BLOCKING",
        "listOfTheBase, List<String>, BLOCKING",
        "deliveryOfTheBase, String, BLOCKING",
    })
    void goodOnes(String name, String body, ReturnKind returns) {
        Signature signature = read(Good.class, name);
        assertThat(withoutPackages(signature.body())).isEqualTo(body);
        assertThat(signature.returns()).isEqualTo(returns);

        int continuations = returns == ReturnKind.SUSPENDING ? 1 : 0;

        assertThat(signature.arguments()).hasSize(method(Good.class, name).getParameterCount() - continuations);
    }

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "values, String, BLOCKING",
        "entity, String, BLOCKING",
        "kotlinFlow, String, REACTIVE",
        "kotlinDeferred, String, REACTIVE",
        "suspends, String, SUSPENDING",
        "suspendsForAFlow, String, SUSPENDING",
    })
    void valuesAreToldFromWorkAndKotlinsWorkIsUnderstood(String name, String body, ReturnKind returns) {
        goodOnes(name, body, returns);
    }

    private static String withoutPackages(Object type) {
        return type.toString().replaceAll("[a-z.]+[.](?=[A-Z])", "");
    }

    @Test
    void typeArgumentsAreKeptHoweverDeep() {
        assertThat(read(Good.class, "mapOfLists").body()).isEqualTo(new BodyType<Map<String, List<Integer>>>() {});
        assertThat(read(Good.class, "nestedClass").body()).isEqualTo(new BodyType<Page<List<Integer>>>() {});
        assertThat(read(OfLists.class, "listOfTheBase").body()).isEqualTo(new BodyType<List<List<Integer>>>() {});
        assertThat(read(OfLists.class, "deliveryOfTheBase").body()).isEqualTo(new BodyType<List<Integer>>() {});
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "twoBodies | would be a second body",
                "bodyAndOtherDelivery | a body as java.lang.Integer and a delivery of java.lang.String",
                "listAndOtherDelivery | and a delivery of java.util.List<java.lang.Integer>",
                "openList | the type T of its body is open",
                "openDelivery | the type T of its body is open",
                "flux | is called for one message at a time",
                "optional | is called for one message at a time",
                "open | the type T of its body is open",
                "nested | a Mono within another one",
                "nestedStage | a CompletableFuture within another one",
                "object | does not say what it returns",
                "plainFuture | returns a Future",
                "async | is @Async",
                "fixed | is static",
            })
    void badOnesAreNamed(String name, String what) {
        assertThatThrownBy(() -> read(Bad.class, name)).isInstanceOfSatisfying(MessagingException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.BAD_HANDLER);
            assertThat(refused.subject()).contains(Bad.class.getName() + "." + name + "(");
            assertThat(refused).hasMessageContaining(what);
            assertThat(refused.remedy()).isNotBlank();
        });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "callable | returns a Callable, which may be work",
                "supplier | returns a Supplier, which may be work",
                "stream | returns a Stream, which may be work",
                "iterator | returns a Iterator, which may be work",
                "unknownFlow | returns a UnknownFlow, which may be work",
                "unknownSingle | returns a UnknownSingle, which may be work",
                "unknownPromise | returns a UnknownPromise, which may be work",
                "unknownInterface | returns a UnknownInterface, which may be work",
                "kotlinLambda | returns a Function0, which may be work",
                "kotlinLazy | returns a Lazy, which may be work",
                "arrayOfWork | returns a Callable[], which may be work",
                "listOfMonos | a Mono within another one",
                "listOfWork | a UnknownFlow within another one",
                "nestedWork | a UnknownFlow within another one",
                "deeplyNested | a Mono within another one",
                "suspendsForWork | a Callable within another one",
                "suspendsForNested | a Mono within another one",
            })
    void workThatNobodyWouldBeginIsRefusedWhateverItsType(String name, String what) {
        badOnesAreNamed(name, what);
    }

    private static Signature read(Class<?> type, String name) {
        return Signature.of(method(type, name), type);
    }

    private static Method method(Class<?> type, String name) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Knows its body only by the class below. */
    abstract static class Base<T> {
        public void ofTheBase(T body) {}

        public void listOfTheBase(List<T> body) {}

        public void deliveryOfTheBase(Delivery<T> delivery) {}
    }

    /** Knows that its body is a list. */
    static final class OfLists extends Base<List<Integer>> {}

    /** A class with an argument within another class. */
    record Page<E>(E content) {}

    /** Methods that can be followed. */
    static final class Good extends Base<String> {
        public void nothing() {}

        public Mono<Void> text(String body) {
            return Mono.empty();
        }

        public Mono<Integer> bytes(byte[] body) {
            return Mono.empty();
        }

        public void number(int body) {}

        public Mono<Void> delivery(Delivery<String> delivery) {
            return Mono.empty();
        }

        public Mono<Void> everything(
                Lease lease,
                String body,
                Delivery<String> delivery,
                @LeaseHeader("trace") Optional<String> trace,
                Message message) {
            return Mono.empty();
        }

        public void anyDelivery(String body, Delivery<?> delivery, Headers headers) {}

        public void onlyTheMessage(Message message) {}

        public void map(Map<String, Object> body) {}

        public void anything(List<?> body) {}

        public void anythingAtAll(List<Object> body) {}

        public void list(List<String> body) {}

        public void bounded(List<? extends Number> body) {}

        public void deliveryOfAList(Delivery<List<String>> delivery) {}

        public void boundedDelivery(Delivery<? extends Number> delivery) {}

        public void arrayOfLists(List<Integer>[] body) {}

        public void arrayOfAnything(List<?>[] body) {}

        public void mapOfLists(Map<String, List<Integer>> body) {}

        public void nestedClass(Page<List<Integer>> body) {}

        public Flux<String> fluxOfThings(String body) {
            return Flux.empty();
        }

        public Publisher<String> publisher(String body) {
            return Flux.empty();
        }

        public Flow.Publisher<String> flow(String body) {
            return subscriber -> {};
        }

        public CompletionStage<Void> stage(String body) {
            return CompletableFuture.completedStage(null);
        }

        public CompletableFuture<Disposition> future(String body) {
            return CompletableFuture.completedFuture(Disposition.ack());
        }

        public Disposition decides(String body) {
            return Disposition.ack();
        }

        public Map<String, List<Page<Integer>>> values(String body) {
            return Map.of();
        }

        public Customer entity(String body) {
            return new Customer();
        }

        public kotlinx.coroutines.flow.Flow<String> kotlinFlow(String body) {
            return null;
        }

        public Deferred<String> kotlinDeferred(String body) {
            return null;
        }

        public Object suspends(String body, Continuation<? super Unit> then) {
            return Unit.INSTANCE;
        }

        public Object suspendsForAFlow(String body, Continuation<? super kotlinx.coroutines.flow.Flow<String>> then) {
            return Unit.INSTANCE;
        }
    }

    /** A value that has a method like those of work. */
    static class Customer {
        public void subscribe(String newsletter) {}
    }

    /** Like Kotlin's Flow, of a library that nobody here knows. */
    interface UnknownFlow<T> {
        Object collect(Object collector, Continuation<? super Unit> then);
    }

    /** Like a Single of a library that nobody here knows. */
    static class UnknownSingle<T> {
        public void subscribe(Object observer) {}
    }

    /** Like a future of a library that nobody here knows. */
    static class UnknownPromise<T> {
        public void onComplete(Object callback) {}
    }

    /** Nobody knows what is behind it. */
    interface UnknownInterface {}

    /** Methods that cannot. */
    static final class Bad {
        public void twoBodies(String one, Integer other) {}

        public void bodyAndOtherDelivery(Integer body, Delivery<String> delivery) {}

        public void listAndOtherDelivery(List<String> body, Delivery<List<Integer>> delivery) {}

        public <T> void openList(List<T> body) {}

        public <T> void openDelivery(Delivery<List<T>> delivery) {}

        public Flux<Void> flux(Flux<String> bodies) {
            return Flux.empty();
        }

        public void optional(Optional<String> body) {}

        public <T> void open(T body) {}

        public Mono<Mono<Void>> nested(String body) {
            return Mono.empty();
        }

        public Mono<CompletableFuture<Void>> nestedStage(String body) {
            return Mono.empty();
        }

        public Object object(String body) {
            return body;
        }

        public Future<Void> plainFuture(String body) {
            return CompletableFuture.completedFuture(null);
        }

        public Callable<String> callable(String body) {
            return () -> body;
        }

        public Supplier<String> supplier(String body) {
            return () -> body;
        }

        public Stream<String> stream(String body) {
            return Stream.of(body);
        }

        public Iterator<String> iterator(String body) {
            return Stream.of(body).iterator();
        }

        public UnknownFlow<String> unknownFlow(String body) {
            return null;
        }

        public UnknownSingle<String> unknownSingle(String body) {
            return null;
        }

        public UnknownPromise<String> unknownPromise(String body) {
            return null;
        }

        public UnknownInterface unknownInterface(String body) {
            return null;
        }

        public Function0<String> kotlinLambda(String body) {
            return null;
        }

        public Lazy<String> kotlinLazy(String body) {
            return null;
        }

        public Callable<?>[] arrayOfWork(String body) {
            return null;
        }

        public List<Mono<Void>> listOfMonos(String body) {
            return List.of();
        }

        public List<UnknownFlow<String>> listOfWork(String body) {
            return List.of();
        }

        public Mono<UnknownFlow<String>> nestedWork(String body) {
            return Mono.empty();
        }

        public Mono<Map<String, List<Mono<Void>>>> deeplyNested(String body) {
            return Mono.empty();
        }

        public Object suspendsForWork(String body, Continuation<? super Callable<String>> then) {
            return null;
        }

        public Object suspendsForNested(String body, Continuation<? super Mono<Mono<Void>>> then) {
            return null;
        }

        @Async
        public void async(String body) {}

        public static void fixed(String body) {}
    }
}
