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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
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
        assertThat(signature.arguments()).hasSize(method(Good.class, name).getParameterCount());
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
    }

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

        @Async
        public void async(String body) {}

        public static void fixed(String body) {}
    }
}
