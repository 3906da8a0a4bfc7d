package io.leasehold.sample.desk;

import io.leasehold.sample.assessment.AssessedQuake;
import io.leasehold.sample.assessment.QuakeAssessor;
import io.leasehold.sample.quake.Quake;
import io.leasehold.sample.statistics.NetworkStatistics;
import io.leasehold.sample.statistics.QuakeStatistics;
import java.util.Optional;
import java.util.SortedMap;
import reactor.core.publisher.Mono;

/**
 * The quake desk: assesses earthquakes and keeps the statistics.
 *
 * <p>A message may be delivered twice, even to two workers at once, for a worker that froze may wake after its message
 * went to another. Whoever is done first closes the entry of the message id and adds to the statistics; all others
 * change nothing.
 */
public final class Desk {

    private final QuakeAssessor assessor;
    private final Ledger ledger;
    private final NetworkStatistics statistics = new NetworkStatistics();

    /**
     * Opens the desk.
     *
     * @param assessor does the assessing
     * @param ledger remembers the message ids
     */
    public Desk(QuakeAssessor assessor, Ledger ledger) {
        this.assessor = assessor;
        this.ledger = ledger;
    }

    /**
     * Assesses an earthquake when subscribed, and completes when it is in the statistics, which it is once per message
     * id. A message that is assessed already completes at once. Cancelling stops the work and changes nothing.
     * Ends with {@link LedgerFullException} if there is no room for one more message id.
     *
     * @param id the message id
     * @param quake the earthquake
     */
    public Mono<Void> assess(String id, Quake quake) {
        return Mono.defer(() -> {
            LedgerEntry entry = ledger.open(id, quake);
            return entry.assessed() ? Mono.empty() : work(entry);
        });
    }

    private Mono<Void> work(LedgerEntry entry) {
        return assessor.assess(entry.id(), entry.quake()).doOnNext(this::enter).then();
    }

    private void enter(AssessedQuake assessed) {
        if (ledger.close(assessed)) {
            statistics.add(assessed);
        }
    }

    /** Returns what is known under a message id: nothing if no such message has arrived. */
    public Optional<LedgerEntry> find(String id) {
        return ledger.find(id);
    }

    /** Returns how many message ids have arrived. */
    public long distinct() {
        return ledger.distinct();
    }

    /** Returns whether a new message id would be refused. */
    public boolean isFull() {
        return ledger.isFull();
    }

    /** Returns the statistics of each reporting network. */
    public SortedMap<String, QuakeStatistics> networks() {
        return statistics.byNetwork();
    }

    /** Returns the statistics of all earthquakes. */
    public QuakeStatistics total() {
        return statistics.total();
    }
}
