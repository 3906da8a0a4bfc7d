package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Threads;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A foreign client works on all servers, and through the proxy: what stands between it and them does no harm. */
@EachServer
class JnatsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofSeconds(1);

    private FaultProxy proxy;
    private Connection connection;
    private String name;

    @BeforeEach
    void connect(NatsServer server) throws IOException, InterruptedException, JetStreamApiException {
        proxy = FaultProxy.to(server.port());
        connection = Nats.connect(Options.builder()
                .server(proxy.url())
                .connectionName("jnats")
                .reconnectWait(Duration.ofMillis(50))
                .maxReconnects(-1)
                .errorListener(new ErrorListener() {})
                .build());
        name = "J" + RawNats.inbox().substring("_INBOX.".length());
        connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(name)
                        .subjects(name + ".>")
                        .storageType(StorageType.File)
                        .build());
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        connection.close();
        proxy.close();
    }

    private JetStreamSubscription subscribe() throws IOException, JetStreamApiException {
        ConsumerConfiguration configuration =
                ConsumerConfiguration.builder().durable("C").ackWait(LEASE).build();
        return connection
                .jetStream()
                .subscribe(
                        name + ".>",
                        PullSubscribeOptions.builder().stream(name)
                                .configuration(configuration)
                                .build());
    }

    private PublishAck publish(String body) throws IOException, JetStreamApiException {
        JetStream stream = connection.jetStream();
        return stream.publish(
                name + ".a",
                body.getBytes(StandardCharsets.UTF_8),
                PublishOptions.builder().messageId(body).build());
    }

    private static List<String> bodies(List<Message> messages) {
        return messages.stream()
                .map(message -> new String(message.getData(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void itPublishesPullsAndAcks() throws Exception {
        JetStreamSubscription subscription = subscribe();
        assertThat(publish("one").getSeqno()).isEqualTo(1);
        assertThat(publish("one").isDuplicate()).isTrue();
        publish("two");
        List<Message> taken = subscription.fetch(2, LIMIT);
        assertThat(bodies(taken)).containsExactly("one", "two");
        for (Message message : taken) {
            message.ackSync(LIMIT);
        }

        assertThat(subscription.getConsumerInfo().getNumAckPending()).isZero();
        assertThat(proxy.bytes(Direction.TO_SERVER)).isPositive();
    }

    @Test
    void whatItDoesNotAckComesAgain() throws Exception {
        JetStreamSubscription subscription = subscribe();
        publish("one");
        assertThat(subscription.fetch(1, LIMIT)).hasSize(1);
        List<Message> again = subscription.fetch(1, LIMIT);

        assertThat(again)
                .singleElement()
                .satisfies(message ->
                        assertThat(message.metaData().deliveredCount()).isEqualTo(2));
    }

    @Test
    void itSurvivesPiecesDelaysAndAReset() throws Exception {
        proxy.split(Direction.TO_CLIENT, 50, 1);
        proxy.delay(Direction.TO_SERVER, Duration.ZERO, Duration.ofMillis(3), 1);
        JetStreamSubscription subscription = subscribe();
        publish("one");
        proxy.reset();
        Threads.await(
                "a second connection",
                LIMIT,
                () -> proxy.accepted() > 1 && connection.getStatus() == Connection.Status.CONNECTED);
        publish("two");

        assertThat(bodies(subscription.fetch(2, LIMIT))).containsExactly("one", "two");
    }
}
