package io.leasehold.consume;

import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.message.Codec;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Publishers for the rules of Reactive Streams: each has so many messages in a group of its own and completes by a
 * drain after the last of them. One client and one broker serve them all, until they are closed.
 */
final class TckSource {
    // Some rule wants a publisher of more elements than it ever takes.
    private static final long MOST = 1_000;

    /** How long anything may take. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final long LATER_MILLIS = 40;

    private final AtomicLong groups = new AtomicLong();
    // Opened when it is used first: the kit makes instances also to find its tests, and does not close these.
    private Opened opened;

    private record Opened(List<String> threadsBefore, EmbeddedBroker broker, MessageClient client) {
        static Opened now() {
            List<String> threadsBefore = Threads.ours();
            EmbeddedBroker broker = EmbeddedBroker.create();
            Codecs codecs = Codecs.of(Element.class, new Elements());
            return new Opened(
                    threadsBefore,
                    broker,
                    MessageClient.builder().broker(broker).codecs(codecs).build());
        }
    }

    /** What is consumed; knows whether it is the last one. */
    record Element(boolean last) {}

    private static final class Elements implements Codec<Element> {
        @Override
        public byte[] encode(Element value) {
            return new byte[] {(byte) (value.last() ? 1 : 0)};
        }

        @Override
        public Element decode(Message message) {
            return new Element(message.bytes()[0] == 1);
        }
    }

    MessageClient client() {
        if (opened == null) {
            opened = Opened.now();
        }
        return opened.client();
    }

    /**
     * A publisher of so many elements; its work calls back when it has begun the last one. What is under way then is
     * finished, for as long as that.
     */
    <E> Publisher<E> of(
            long elements, Duration drain, BiFunction<MessageConsumer<Element>, Runnable, Publisher<E>> publisher) {
        String group = "tck" + groups.incrementAndGet();
        MessageConsumer<Element> consumer = client().consumer(group + ".>", group, Element.class);
        int last = (int) Math.min(elements, MOST);
        Flux<Message> messages =
                Flux.range(1, last).map(i -> Message.to(group + ".x").body(new byte[] {(byte) (i == last ? 1 : 0)}));
        // The group exists only once somebody has subscribed.
        Flux<?> given = Flux.defer(() -> client().publishAll(messages)).doOnComplete(() -> {
            if (elements == 0) {
                drain(consumer, drain);
            }
        });
        Publisher<E> consuming = publisher.apply(consumer, () -> drain(consumer, drain));
        return subscriber -> {
            consuming.subscribe(subscriber);
            given.subscribe();
        };
    }

    /** A delivery that is held, and that nobody attached to yet. */
    Delivery<Element> delivery() {
        Sinks.One<Delivery<Element>> first = Sinks.one();
        Publisher<Delivery<Element>> one = of(1, Duration.ZERO, (consumer, last) -> consumer.deliveries());
        Flux.from(one).subscribe(delivery -> first.tryEmitValue(delivery.keep()));
        return Objects.requireNonNull(first.asMono().block(LIMIT));
    }

    /** A delivery whose work goes on until everything is closed. */
    Delivery<Element> workedOn() {
        Delivery<Element> delivery = delivery();
        delivery.settleBy(Mono.never()).subscribe();
        return delivery;
    }

    /** A delivery that was acked. */
    Delivery<Element> ackedDelivery() {
        Delivery<Element> delivery = delivery();
        delivery.settleBy(Mono.empty()).block(LIMIT);
        return delivery;
    }

    /** A publisher that errors when it is subscribed. */
    MessageConsumer<Element> refused() {
        return client().consumer("loop.>", "loop", Element.class).deadLetterTo("loop.dead");
    }

    // Where nobody attaches work there is nothing to be finished; what is handed out right now is not to be taken back.
    private static void drain(MessageConsumer<?> consumer, Duration limit) {
        long later = limit.isZero() ? LATER_MILLIS : 0;
        Schedulers.single().schedule(() -> consumer.control().drain(limit).subscribe(), later, TimeUnit.MILLISECONDS);
    }

    void close() {
        if (opened != null) {
            opened.client().close().block(LIMIT);
            opened.broker().shutdown();
            Threads.await(
                    "no threads are left", LIMIT, () -> opened.threadsBefore().containsAll(Threads.ours()));
        }
    }
}
