package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which servers there are, and what happens where there are none. */
class NatsServersTest {
    private static ServerBinary binary(String version) {
        return new ServerBinary(ServerBinary.Version.of(version), Path.of("nats-server"));
    }

    @Test
    void versionsAreComparedByTheirNumbers() {
        assertThat(Stream.of("v2.10.4", "2.9.10", "3.0.0", "2.10.27")
                        .map(ServerBinary.Version::of)
                        .sorted())
                .extracting(ServerBinary.Version::toString)
                .containsExactly("2.9.10", "2.10.4", "2.10.27", "3.0.0");
        assertThat(binary("2.10.4").isAtLeast("2.10.4")).isTrue();
        assertThat(binary("2.10.4").isAtLeast("2.9.10")).isTrue();
        assertThat(binary("2.10.3").isAtLeast("2.10.4")).isFalse();
        assertThatThrownBy(() -> ServerBinary.Version.of("none")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNoServerHasNoVersion() {
        assertThat(ServerBinary.of(Path.of("/bin/false"))).isNull();
    }

    @Test
    void withServersTestsRun() {
        assertThat(WithServers.Condition.decide(List.of(binary("2.9.10")), true).isDisabled())
                .isFalse();
    }

    @Test
    void withoutServersTestsAreSkippedAndSayWhatToDo() {
        assertThat(WithServers.Condition.decide(List.of(), false).isDisabled()).isTrue();
        assertThat(WithServers.Condition.decide(List.of(), false).getReason()).contains(NatsServers.NONE);
    }

    @Test
    void unlessServersAreRequired() {
        assertThatThrownBy(() -> WithServers.Condition.decide(List.of(), true)).hasMessage(NatsServers.NONE);
    }
}
