package io.leasehold.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServerPoolTest {
    private final ServerPool pool = new ServerPool(addresses("a", "b", "c"), new Random(1));

    private static List<ServerAddress> addresses(String... hosts) {
        return Stream.of(hosts)
                .map(host -> ServerAddress.parse(TestLoop.PROTOCOL, host))
                .toList();
    }

    private Set<String> round() {
        Set<String> hosts = new HashSet<>();
        for (int i = pool.size(); i > 0; i--) {
            hosts.add(pool.take().address().host());
        }
        return hosts;
    }

    @Test
    void eachServerHasItsTurnInARound() {
        assertThat(round()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(pool.isRoundOver()).isTrue();
        assertThat(round()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void learntServersComeAndGoAndConfiguredOnesStay() {
        ServerPool.Entry teller = pool.take();
        pool.learn(addresses("d", "e", "A"), teller);
        assertThat(pool.size()).isEqualTo(5);
        pool.learn(addresses("e"), teller);

        assertThat(round()).containsExactlyInAnyOrder("a", "b", "c", "e");
    }

    @Test
    void aTurnIsNotLostWhenServersAreLearnt() {
        ServerPool.Entry first = pool.take();
        ServerPool other = new ServerPool(addresses("a", "b", "c"), new Random(1));

        other.take();
        String second = other.take().address().host();
        pool.learn(addresses("x", "y"), first);

        assertThat(pool.take().address().host()).isEqualTo(second);
    }

    @Test
    void aRoundBeginsWithTheOneThatWorkedLastThenComeThoseThatWereConfigured() {
        ServerPool.Entry teller = pool.take();
        pool.learn(addresses("x", "y", "z"), teller);
        ServerPool.Entry learnt = pool.take();
        while (!learnt.learnt()) {
            learnt = pool.take();
        }
        pool.worked(learnt);
        assertThat(pool.take()).isEqualTo(learnt);
        for (int i = 0; i < 3; i++) {
            assertThat(pool.take().learnt()).isFalse();
        }

        assertThat(pool.take().learnt()).isTrue();
        assertThat(pool.take().learnt()).isTrue();
        assertThat(pool.isRoundOver()).isTrue();
    }

    @Test
    void aHostileServerCannotTellOfTooMany() {
        pool.learn(
                IntStream.range(0, 10_000)
                        .mapToObj(i -> ServerAddress.parse(TestLoop.PROTOCOL, "h" + i))
                        .toList(),
                pool.take());
        assertThat(pool.size()).isEqualTo(3 + ServerPool.LEARNT_MAX);
    }

    @Test
    void aLearntAddressAnswersForTheServerThatToldOfItAndKeepsItsTls() {
        ServerPool secure =
                new ServerPool(List.of(ServerAddress.parse(TestLoop.PROTOCOL, "tests://nats.example")), new Random(1));
        secure.learn(addresses("10.0.0.7:4222", "other.example"), secure.take());
        secure.take();
        List<ServerPool.Entry> learnt = List.of(secure.take(), secure.take(), secure.take());

        assertThat(learnt)
                .filteredOn(ServerPool.Entry::learnt)
                .allMatch(entry -> entry.address().tls());
        assertThat(learnt)
                .filteredOn(ServerPool.Entry::learnt)
                .extracting(ServerPool.Entry::certifiedName)
                .containsExactlyInAnyOrder("nats.example", "other.example");
    }
}
