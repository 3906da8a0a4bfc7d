package io.leasehold.sample.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.quake.Report;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Earthquakes on their way through the client. */
class BrokerPublisherTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final MessageClient client = MessageClient.builder().build();
    private final BrokerPublisher publisher = new BrokerPublisher(client);

    @AfterEach
    void close() {
        StepVerifier.create(client.close()).expectComplete().verify(LIMIT);
    }

    private static QuakeMessage message(int number) {
        return QuakeMessage.posted(SomeQuakes.of(440, new Report("us", "event" + number)));
    }

    private Disposable consume() {
        return client.consumer(QuakeTopic.ALL, "assessors", Message.class)
                .handle(delivery -> Mono.empty())
                .subscribe();
    }

    @Test
    void aMessageThatIsSentTwiceIsADuplicate() {
        consume();

        StepVerifier.create(publisher.publish(message(1)).retry(20))
                .expectNext(new Published("event1", false))
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.create(publisher.publish(message(1)))
                .expectNext(new Published("event1", true))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void whatNobodyTakesYetIsTriedAgainInItsPlace() {
        List<Published> expected = IntStream.range(0, 1000)
                .mapToObj(number -> new Published("event" + number, false))
                .toList();
        StepVerifier published = StepVerifier.create(publisher
                        .publishAll(Flux.range(0, 1000).map(BrokerPublisherTest::message))
                        .collectList())
                .expectNext(expected)
                .expectComplete()
                .verifyLater();

        consume();
        published.verify(LIMIT);
    }

    @Test
    void whatTheClientRefusesForGoodEndsIt() {
        StepVerifier.create(client.close()).expectComplete().verify(LIMIT);
        StepVerifier.create(publisher.publishAll(Flux.just(message(1))))
                .expectErrorSatisfies(
                        error -> assertThat(MessagingException.codeOf(error)).isEqualTo(ErrorCode.CLOSED))
                .verify(LIMIT);
    }
}
