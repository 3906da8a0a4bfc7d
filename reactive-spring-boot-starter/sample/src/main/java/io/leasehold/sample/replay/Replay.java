package io.leasehold.sample.replay;

import io.leasehold.sample.catalogue.Catalogue;
import io.leasehold.sample.catalogue.CatalogueEntry;
import io.leasehold.sample.desk.DeskEvent;
import io.leasehold.sample.desk.Tally;
import io.leasehold.sample.messaging.Published;
import io.leasehold.sample.messaging.QuakeMessage;
import io.leasehold.sample.messaging.QuakePublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Publishes the records of a catalogue at a pace, and counts them. */
public final class Replay {

    private static final Logger log = LoggerFactory.getLogger(Replay.class);

    private final Catalogue catalogue;
    private final Pace pace;
    private final Tally tally;

    /**
     * Prepares a replay.
     *
     * @param catalogue what to publish
     * @param pace how fast
     * @param tally where to count
     */
    public Replay(Catalogue catalogue, Pace pace, Tally tally) {
        this.catalogue = catalogue;
        this.pace = pace;
        this.tally = tally;
    }

    /**
     * Publishes the whole catalogue when subscribed, and completes when the broker has confirmed every message. A line
     * that is not an earthquake is logged with its number and counted, and the others go on.
     *
     * @param publisher the way to the broker
     */
    public Mono<Void> to(QuakePublisher publisher) {
        return publisher
                .publishAll(messages())
                .doOnNext(this::countPublished)
                .doOnComplete(tally::replayEnded)
                .then();
    }

    /** Returns the messages of the catalogue in the order of its lines, each when it is due. */
    public Flux<QuakeMessage> messages() {
        return catalogue
                .size()
                .doOnNext(tally::replayBegun)
                .flatMapMany(size -> pace.spread(catalogue.entries(), size))
                .handle((entry, messages) -> {
                    if (entry instanceof CatalogueEntry.Recorded recorded) {
                        messages.next(QuakeMessage.recorded(recorded));
                    } else if (entry instanceof CatalogueEntry.Rejected rejected) {
                        reject(rejected);
                    }
                });
    }

    private void reject(CatalogueEntry.Rejected rejected) {
        tally.count(DeskEvent.REJECTED);
        log.warn("Passed by a line of the catalogue: {} | {}", rejected.reason(), rejected.text());
    }

    private void countPublished(Published published) {
        if (!published.duplicate()) {
            tally.count(DeskEvent.PUBLISHED);
        }
    }
}
