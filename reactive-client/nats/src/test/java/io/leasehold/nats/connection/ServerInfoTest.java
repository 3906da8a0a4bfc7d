package io.leasehold.nats.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.wire.ServerAddress;
import io.leasehold.wire.ServerPool;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server tells of itself, and how later tellings are added. */
class ServerInfoTest {

    private static ServerInfo read(String json) {
        return ServerInfo.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theFactsAreRead() {
        ServerInfo info = read("{\"server_id\":\"ID\",\"server_name\":\"n\",\"version\":\"2.12.3\",\"headers\":true,"
                + "\"max_payload\":8388608,\"nonce\":\"abc\",\"jetstream\":true,\"cluster\":\"c\",\"domain\":\"d\","
                + "\"api_lvl\":2,\"tls_available\":true,\"unknown\":{\"deep\":[{\"nonce\":\"no\"}]},"
                + "\"connect_urls\":[\"10.0.0.1:4222\",\"[fe80::1]:4223\",\"h\"]}");

        assertThat(info.id()).isEqualTo("ID");
        assertThat(info.name()).isEqualTo("n");
        assertThat(info.maxPayload()).isEqualTo(8_388_608);
        assertThat(info.nonce()).isEqualTo("abc");
        assertThat(info.hasJetStream()).isTrue();
        assertThat(info.hasHeaders()).isTrue();
        assertThat(info.cluster()).isEqualTo("c");
        assertThat(info.domain()).isEqualTo("d");
        assertThat(info.offersTls()).isTrue();
        assertThat(info.wantsTls()).isFalse();
        assertThat(info.told())
                .extracting(ServerAddress::toString)
                .containsExactly("10.0.0.1:4222", "[fe80::1]:4223", "h:4222");
    }

    @Test
    void whatIsMissingOrOfAnotherKindHasADefault() {
        ServerInfo info = read("{\"max_payload\":\"many\",\"headers\":1,\"connect_urls\":null,\"server_id\":[7,{}]}");

        assertThat(info.maxPayload()).isEqualTo(1 << 20);
        assertThat(info.hasHeaders()).isFalse();
        assertThat(info.told()).isEmpty();
        assertThat(info.id()).isEmpty();
    }

    @Test
    void aLaterTellingAddsAndKeepsWhatItLeavesOut() {
        ServerInfo first = read("{\"nonce\":\"abc\",\"version\":\"2.9.0\",\"ldm\":true,\"headers\":true}");
        ServerInfo later = first.mergedWith(read("{\"version\":\"2.9.1\",\"connect_info\":true}"));

        assertThat(later.nonce()).isEqualTo("abc");
        assertThat(later.version()).isEqualTo("2.9.1");
        assertThat(later.hasHeaders()).isTrue();
        assertThat(later.isLeaving()).isFalse();
        assertThat(later.mergedWith(read("{\"ldm\":true}")).isLeaving()).isTrue();
    }

    @Test
    void aHostileServerIsNotRememberedInFull() {
        String urls = IntStream.range(0, 5_000).mapToObj(i -> "\"h" + i + "\"").collect(Collectors.joining(","));
        ServerInfo info =
                read("{\"server_name\":\"" + "x".repeat(5_000) + "\\u0007\",\"connect_urls\":[" + urls + "]}");

        assertThat(info.name()).hasSize(512).matches("[ -~]*");
        assertThat(info.told()).hasSize(ServerPool.LEARNT_MAX);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyBytesEndInFactsOrInOneError(long seed) {
        Random random = new Random(seed);
        String good = "{\"server_id\":\"ID\",\"max_payload\":1048576,\"headers\":true,\"nonce\":\"a\\u0041\","
                + "\"connect_urls\":[\"a:1\",\"[::1]:2\"],\"x\":{\"y\":[1.5e3,null]}}";
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                ServerInfo info = ServerInfo.read(bytes);
                assertThat(info.told()).hasSizeLessThanOrEqualTo(2);
                assertThat(info.id()).matches("[ -~]*");
            } catch (MessagingException error) {
                assertThat(error.code()).as("seed %d, round %d", seed, round).isEqualTo(ErrorCode.PROTOCOL);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2.9.10,2,9,10,true", "2.9.10,2,9,11,false", "2.10.0,2,9,11,true", "2.9.10,3,0,0,false",
        "2.15.0-dev,2,15,0,true", "2.10,2,10,0,true", "'',0,0,1,false", "x.y.z,0,0,0,true"
    })
    void versionsAreComparedByTheirNumbers(String version, int major, int minor, int patch, boolean expected) {
        assertThat(read("{\"version\":\"" + version + "\"}").isAtLeast(major, minor, patch))
                .isEqualTo(expected);
    }
}
