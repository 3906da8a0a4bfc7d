package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Capabilities;
import io.leasehold.broker.contract.BrokerContract;
import io.leasehold.broker.contract.Trait;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No test of the contract is left out everywhere, and nothing that a broker may say of itself is without tests. */
class ContractChoiceTest {
    private static final List<EmbeddedContract> PLAYED = List.of(
            new EmbeddedFencedTest(),
            new EmbeddedNatsLikeTest(),
            new EmbeddedWithoutNakDelayTest(),
            new EmbeddedConnectionLeasesTest(),
            new EmbeddedUnfencedConnectionLeasesTest(),
            new EmbeddedSilentlyFencedTest(),
            new EmbeddedFixedLeasesTest(),
            new EmbeddedLimitedLeasesTest(),
            new EmbeddedOwnRepetitionsTest(),
            new EmbeddedWithoutDuplicatesTest(),
            new EmbeddedPerMessageTokensTest(),
            new EmbeddedWithoutTokensTest(),
            new EmbeddedSilentDropsTest(),
            new EmbeddedExactFiltersTest(),
            new EmbeddedAnsweringErrorsTest());

    private static List<Method> tests() {
        return Stream.of(BrokerContract.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
    }

    @Test
    void eachTestOfTheContractRunsOnSomeBrokerThatIsPlayed() {
        List<Capabilities> played = PLAYED.stream().map(EmbeddedContract::says).toList();

        assertThat(tests())
                .isNotEmpty()
                .allMatch(test -> played.stream().anyMatch(can -> BrokerContract.isFor(test, can)));
    }

    @ParameterizedTest
    @EnumSource
    void eachTraitHasTestsOfItsOwn(Trait trait) {
        assertThat(tests()).anyMatch(test -> Trait.of(test).contains(trait));
    }

    @Test
    void ofEachAspectExactlyOneTraitHolds() {
        for (EmbeddedContract contract : PLAYED) {
            for (Trait.Aspect aspect : Trait.Aspect.values()) {
                assertThat(Trait.values())
                        .filteredOn(trait -> trait.aspect() == aspect && trait.holdsFor(contract.says()))
                        .as("%s of %s", aspect, contract.says())
                        .hasSize(1);
            }
        }
    }
}
