package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.leasehold.MessageClient;
import io.leasehold.consume.MessageConsumer;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.WithServers;
import io.leasehold.observation.MeterRecorder;
import io.leasehold.wire.ServerAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** What a connection costs ends with it: no class of ours or of the transport has more instances than before. */
@WithServers
@Timeout(180)
class OpenCloseIT extends ConnectionRoom {
    private static final int WARM = 50;
    private static final int ROUNDS = 1_000;

    // A few may be under way, or be kept by threads and pools that are used again.
    private static final int SLACK = 40;

    private static final int LOOKS_MAX = 10;

    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+).*");

    private static Map<String, Long> instances() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> counts = new TreeMap<>();
        String.valueOf(histogram)
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .forEach(line -> {
                    String type = line.group(2);
                    if (type.startsWith("io.leasehold.")
                            || type.startsWith("io.netty.")
                            || type.startsWith("reactor.")) {
                        counts.put(type, Long.parseLong(line.group(1)));
                    }
                });
        return counts;
    }

    /** What is under way may still end. */
    private static Map<String, Long> grownSince(Map<String, Long> before) throws JMException {
        Map<String, Long> grown = Map.of();
        for (int look = 0; look < LOOKS_MAX; look++) {
            grown = instances();
            grown.entrySet().removeIf(type -> type.getValue() <= before.getOrDefault(type.getKey(), 0L) + SLACK);
            if (grown.isEmpty()) {
                break;
            }
            Mono.delay(Duration.ofMillis(200)).block(LIMIT);
        }
        return grown;
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private void rounds(NatsServer server, int count) {
        for (int i = 0; i < count; i++) {
            NatsConnection connection = openUnnoted(
                    to(new ServerAddress("localhost", server.port(), false)).build());
            connection.ready().block(LIMIT);
            connection.subscribe(Subject.filter("q"), null, new HeardMessages());
            connection.flush().block(LIMIT);
            connection.close().block(LIMIT);
        }
    }

    // Every tenth one consumes, too: what a consumer costs on a server takes longer.
    private static void clients(NatsServer server, MeterRegistry meters, int count) {
        for (int i = 0; i < count; i++) {
            MessageClient client = MessageClient.builder()
                    .broker(NatsBroker.connect(server.url()))
                    .recorder(MeterRecorder.of(meters))
                    .build();
            if (i % 10 == 0) {
                MessageConsumer<String> consumer = client.consumer("opened.>", "closers", String.class);
                consumer.handle(delivery -> Mono.empty()).subscribe();
                consumer.control().begun().block(LIMIT);
            }
            client.publish(Message.to("opened.a")).block(LIMIT);
            client.close().block(LIMIT);
        }
    }

    @Test
    @Tag("once")
    void aThousandClientsThatWereClosedLeaveNothing() throws Exception {
        NatsServer server = server();
        MeterRegistry meters = new SimpleMeterRegistry();

        clients(server, meters, WARM);
        Map<String, Long> before = instances();
        long descriptorsBefore = descriptors();
        int threadsBefore = threads();
        int metersBefore = meters.getMeters().size();
        clients(server, meters, ROUNDS);

        assertThat(grownSince(before)).as("more than before").isEmpty();
        assertThat(descriptors()).isLessThanOrEqualTo(descriptorsBefore + SLACK);
        assertThat(threads()).isLessThanOrEqualTo(threadsBefore + SLACK);
        assertThat(meters.getMeters()).hasSizeLessThanOrEqualTo(metersBefore);
    }

    @Test
    void aThousandConnectionsThatWereClosedLeaveNothing() throws Exception {
        NatsServer server = server();
        rounds(server, WARM);
        Map<String, Long> before = instances();
        long descriptorsBefore = descriptors();
        int threadsBefore = threads();
        rounds(server, ROUNDS);

        assertThat(grownSince(before)).as("more than before").isEmpty();
        assertThat(descriptors()).isLessThanOrEqualTo(descriptorsBefore + SLACK);
        assertThat(threads()).isLessThanOrEqualTo(threadsBefore + SLACK);
    }
}
