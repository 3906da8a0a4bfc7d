package io.leasehold.sample.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.leasehold.sample.SomeQuakes;
import io.leasehold.sample.assessment.AssessedQuake;
import org.junit.jupiter.api.Test;

/** The ledger has one entry per message id, and closes it once. */
class LedgerTest {

    private final Ledger ledger = new Ledger(2);
    private final AssessedQuake quake = SomeQuakes.assessed("a-1", SomeQuakes.of(440));

    @Test
    void knowsNothingAtFirst() {
        assertThat(ledger.find("a-1")).isEmpty();
        assertThat(ledger.distinct()).isZero();
    }

    @Test
    void anEntryIsOpenedOnce() {
        LedgerEntry opened = ledger.open("a-1", quake.quake());

        assertThat(opened.assessed()).isFalse();
        assertThat(ledger.open("a-1", SomeQuakes.of(100))).isSameAs(opened);
        assertThat(ledger.distinct()).isEqualTo(1);
    }

    @Test
    void anEntryIsClosedOnce() {
        ledger.open("a-1", quake.quake());

        assertThat(ledger.close(quake)).isTrue();
        assertThat(ledger.close(quake)).isFalse();
        assertThat(ledger.open("a-1", quake.quake()))
                .isEqualTo(new LedgerEntry("a-1", quake.quake(), quake.assessment()));
    }

    @Test
    void whatWasNeverOpenedIsNotClosed() {
        assertThat(ledger.close(quake)).isFalse();
        assertThat(ledger.find("a-1")).isEmpty();
    }

    @Test
    void aFullLedgerRefusesNewIdsAndKeepsOldOnes() {
        ledger.open("a-1", quake.quake());
        ledger.open("a-2", quake.quake());

        assertThat(ledger.isFull()).isTrue();
        assertThatExceptionOfType(LedgerFullException.class)
                .isThrownBy(() -> ledger.open("a-3", quake.quake()))
                .withMessageContainingAll("a-3", "2", "quakedesk.ledger-capacity");
        assertThat(ledger.open("a-1", quake.quake()).id()).isEqualTo("a-1");
        assertThat(ledger.distinct()).isEqualTo(2);
    }

    @Test
    void roomForNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ledger(0))
                .withMessageContaining("quakedesk.ledger-capacity");
    }
}
