package io.leasehold.nats.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

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
        assertThat(WithServers.Condition.decide(ServerChoice.ALL, List.of(binary("2.9.10")), true)
                        .isDisabled())
                .isFalse();
    }

    @Test
    void withoutServersTestsAreSkippedAndSayWhatToDo() {
        assertThat(WithServers.Condition.decide(ServerChoice.ALL, List.of(), false)
                        .isDisabled())
                .isTrue();
        assertThat(WithServers.Condition.decide(ServerChoice.ALL, List.of(), false)
                        .getReason())
                .contains(NatsServers.NONE);
    }

    @Test
    void unlessServersAreRequired() {
        assertThatThrownBy(() -> WithServers.Condition.decide(ServerChoice.ALL, List.of(), true))
                .hasMessage(NatsServers.NONE);
    }

    @Test
    void theNewestIsLeftAloneWhenThatIsWanted() {
        List<ServerBinary> two = List.of(binary("2.9.10"), binary("2.15.1"));

        assertThat(NatsServers.chosen(two, null)).isEqualTo(two);
        assertThat(NatsServers.chosen(two, "false")).isEqualTo(two);
        assertThat(NatsServers.chosen(two, "")).containsExactly(two.get(1));
        assertThat(NatsServers.chosen(List.of(), "true")).isEmpty();
    }

    @Test
    void aChoiceTakesEachServerOnce() {
        List<ServerBinary> three = List.of(binary("2.9.10"), binary("2.10.27"), binary("2.15.1"));
        assertThat(ServerChoice.OLDEST.of(three)).containsExactly(three.get(0));
        assertThat(ServerChoice.MIDDLE.of(three)).containsExactly(three.get(1));
        assertThat(ServerChoice.NEWEST.of(three)).containsExactly(three.get(2));
        List<ServerBinary> two = three.subList(0, 2);
        assertThat(ServerChoice.OLDEST.of(two)).containsExactly(two.get(0));
        assertThat(ServerChoice.MIDDLE.of(two)).isEmpty();
        assertThat(ServerChoice.NEWEST.of(two)).containsExactly(two.get(1));
        List<ServerBinary> one = three.subList(0, 1);

        assertThat(ServerChoice.OLDEST.of(one)).isEmpty();
        assertThat(ServerChoice.MIDDLE.of(one)).isEmpty();
        assertThat(ServerChoice.NEWEST.of(one)).isEqualTo(one);
        assertThat(ServerChoice.NEWEST.of(List.of())).isEmpty();
    }

    @Test
    void aChoiceThatIsNotThereIsSkippedByName() {
        ConditionEvaluationResult result =
                WithServers.Condition.decide(ServerChoice.MIDDLE, List.of(binary("2.15.1")), true);
        assertThat(result.isDisabled()).isTrue();
        assertThat(result.getReason().orElseThrow()).contains("MIDDLE", "2.15.1");
    }
}
