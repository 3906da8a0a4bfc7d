package io.leasehold.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.consume.Handler;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.event.CapturedLog;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.TouchMode;
import io.leasehold.message.Message;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import io.leasehold.nats.server.RawNats;
import io.leasehold.nats.server.WithServers;
import io.leasehold.observation.LeaseholdMeters;
import io.leasehold.observation.MeterRecorder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Whatever goes wrong between a client and its server is a line that whoever is on call sees. */
@WithServers
class NatsLogIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PASSWORD = "authorization { user: \"u\", password: \"%s\" }";

    private CapturedLog log;
    private NatsServer server;
    private MessageClient client;
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void open() {
        log = CapturedLog.ofClients();
    }

    @AfterEach
    void close() {
        goOn.countDown();
        if (client != null) {
            client.close().block(LIMIT);
        }
        if (server != null) {
            server.close();
        }
        log.close();
    }

    private MessageClient client(String name, NatsSettings settings, Recorder... recorders) {
        var builder = MessageClient.builder().name(name).broker(NatsBroker.of(settings));
        for (Recorder recorder : recorders) {
            builder.recorder(recorder);
        }
        client = builder.build();
        return client;
    }

    private void start(String more) {
        server = NatsServer.start(NatsServers.newest(), more);
    }

    private MessageConsumer<String> consumer() {
        return client.consumer("logged.>", "assessors", String.class).leaseTime(Duration.ofSeconds(6));
    }

    private void publish() {
        client.publish(Message.to("logged.nc").id("q-1").body("the body")).block(LIMIT);
    }

    @Test
    void aServerThatIsDownAtStart() {
        start("");
        String url = server.url();
        server.terminate();
        client("down", NatsSettings.builder().servers(url).build());

        assertThat(log.await("down: STARTED"))
                .startsWith("INFO")
                .contains("at=" + url)
                .doesNotContain("ready");
        assertThat(log.await("down: CONNECT_FAILED"))
                .startsWith("WARN down: CONNECT_FAILED LH-404 DISCONNECTED: the server cannot be connected to:")
                .contains("connection refused", url.substring(url.lastIndexOf('/') + 1))
                .contains("; check that it runs, and its address in NatsSettings", "leasehold.nats.servers")
                .doesNotContain("lost");
        server.start();
        assertThat(log.await("down: CONNECTED")).startsWith("INFO");
    }

    @Test
    void aHostThatDoesNotExist() {
        // Whoever knows all names may be slow.
        client(
                "nowhere",
                NatsSettings.builder()
                        .servers("nats://no-such-host.invalid:4222")
                        .connectTimeout(Duration.ofMinutes(1))
                        .build());

        assertThat(log.await("nowhere: CONNECT_FAILED"))
                .startsWith("WARN")
                .contains("the name of its host is not known", "[no-such-host.invalid:4222]", "leasehold.nats.servers")
                .doesNotContain("lost");
    }

    @Test
    void anAddressAtWhichNoNatsServerListens() throws Exception {
        try (ServerSocket dumb = new ServerSocket(0)) {
            NatsSettings settings = NatsSettings.builder()
                    .servers("nats://localhost:" + dumb.getLocalPort())
                    .connectTimeout(Duration.ofMillis(1_500))
                    .build();
            client("dumb", settings);

            assertThat(log.await("dumb: CONNECT_FAILED"))
                    .contains("it takes connections, but says nothing within 1500 ms", "leasehold.nats.servers");
        }
    }

    @Test
    void aPasswordThatIsChangedWhileItRuns() {
        start(PASSWORD.formatted("canary-one"));
        NatsSettings settings = NatsSettings.builder().servers(server.url()).build();
        client(
                "locked out",
                settings.mutate().username("u").password("canary-one").build());
        log.await("locked out: CONNECTED");
        server.configure(PASSWORD.formatted("canary-two"));
        server.reload();

        assertThat(log.await("locked out: DISCONNECTED")).startsWith("WARN").doesNotContain("NatsSettings");
        assertThat(log.await("locked out: CONNECT_FAILED"))
                .startsWith("WARN")
                .contains("LH-406 NOT_PERMITTED", "check the credentials");
        assertThat(log.lines()).noneMatch(line -> line.contains("canary"));
    }

    @Test
    void aServerThatGoesAwayAndComesBackAndTheMetersThatShowIt() {
        start("");
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        client("away", NatsSettings.builder().servers(server.url()).build(), MeterRecorder.of(registry));
        consumer().handle(delivery -> Mono.empty()).subscribe(outcome -> {}, error -> {});
        log.await("away: CONNECTED");
        log.await("away: CONSUMING");
        assertThat(value(registry, LeaseholdMeters.CONNECTED)).isEqualTo(1);
        server.kill();

        assertThat(log.await("away: DISCONNECTED")).startsWith("WARN").contains("; ");
        assertThat(log.await("away: CONNECT_FAILED")).startsWith("WARN");
        assertThat(value(registry, LeaseholdMeters.CONNECTED)).isZero();
        Threads.await("the age grows", LIMIT, () -> value(registry, LeaseholdMeters.OLDEST_AGE) > 0.5);
        assertThat(value(registry, LeaseholdMeters.UNHEARD)).isGreaterThan(0.5);
        server.start();
        Threads.await("it is heard again", LIMIT, () -> value(registry, LeaseholdMeters.UNHEARD) == 0);
        assertThat(value(registry, LeaseholdMeters.OLDEST_AGE)).isZero();
    }

    @Test
    void aConsumerOfAnOperatorWithTheLeaseTimeThatItHas() {
        start("");
        try (RawNats nats = RawNats.connect(server.port())) {
            nats.request("$JS.API.STREAM.CREATE.S", "{\"name\":\"S\",\"subjects\":[\"logged.>\"]}");
            String config = "{\"stream_name\":\"S\",\"config\":{\"durable_name\":\"assessors\",\"ack_policy\":"
                    + "\"explicit\",\"ack_wait\":47000000000,\"filter_subject\":\"logged.>\"}}";
            nats.request("$JS.API.CONSUMER.DURABLE.CREATE.S.assessors", config);
        }
        client("guest", NatsSettings.builder().servers(server.url()).build());
        consumer().handle(delivery -> Mono.empty()).subscribe(outcome -> {}, error -> {});

        assertThat(log.await("guest: CONSUMING")).startsWith("INFO").contains("leaseTime=47s");
    }

    private static double value(SimpleMeterRegistry registry, LeaseholdMeters meter) {
        return registry.get(meter.getName()).gauge().value();
    }

    @Test
    void workThatStallsAndWorkThatBecomesAnOrphan() {
        start("");
        client("slow", NatsSettings.builder().servers(server.url()).build());
        log.await("slow: CONNECTED");
        consumer()
                .touch(TouchMode.NEVER)
                .maxHold(Duration.ofSeconds(60))
                .handle(Handler.blocking(delivery -> {
                    boolean waits = true;
                    while (waits) {
                        try {
                            waits = !goOn.await(1, java.util.concurrent.TimeUnit.MINUTES);
                        } catch (InterruptedException deaf) {
                            waits = goOn.getCount() > 0;
                        }
                    }
                }))
                .subscribe(outcome -> {}, error -> {});
        log.await("slow: CONSUMING");
        publish();

        assertThat(log.await("slow: LEASE_LOST", "assessors/logged.nc"))
                .startsWith("INFO")
                .contains("id=q-1");
        assertThat(log.await("slow: ORPHAN", "assessors/logged.nc"))
                .startsWith("WARN")
                .contains("id=q-1");
        assertThat(log.lines()).noneMatch(line -> line.contains("the body"));
        goOn.countDown();
        assertThat(log.await("slow: ORPHAN_ENDED")).startsWith("INFO");
    }

    @Test
    void workThatTakesSuspiciouslyLong() {
        start("");
        client("stalled", NatsSettings.builder().servers(server.url()).build());
        consumer()
                .maxHold(Duration.ofSeconds(4))
                .handle(delivery -> Mono.never())
                .subscribe(outcome -> {}, error -> {});
        log.await("stalled: CONSUMING");
        publish();

        assertThat(log.await("stalled: STALLED", "assessors/logged.nc"))
                .startsWith("WARN")
                .contains("id=q-1", "held=");
    }

    @Test
    void aFault() {
        start("");
        client("faulty", NatsSettings.builder().servers(server.url()).build(), new Recorder() {
            @Override
            public void event(MessagingEvent event) {
                throw new IllegalStateException("the text of a stranger");
            }
        });

        assertThat(log.await("faulty: FAULT", "LH-900 INTERNAL"))
                .startsWith("ERROR")
                .contains("IllegalStateException", "NatsLogIT")
                .doesNotContain("stranger");
    }
}
