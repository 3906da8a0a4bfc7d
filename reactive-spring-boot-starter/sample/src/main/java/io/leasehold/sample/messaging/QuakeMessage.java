package io.leasehold.sample.messaging;

import io.leasehold.sample.catalogue.CatalogueEntry;
import io.leasehold.sample.quake.Quake;
import io.leasehold.sample.quake.QuakeJson;
import java.util.UUID;

/**
 * An earthquake on its way to the broker.
 *
 * @param topic where to: {@code quakes.} and the reporting network, see {@link QuakeTopic}
 * @param key the reporting network as it writes itself
 * @param id what makes the message one message, however often it is sent
 * @param body the earthquake as JSON, see {@link QuakeJson}
 */
public record QuakeMessage(String topic, String key, String id, String body) {

    /**
     * Returns the message for a record of the catalogue. Its id is the event id and the number of the line, since event
     * ids are missing and repeated in catalogues: {@code 72573650-118}, or {@code line-118} without an event id.
     */
    public static QuakeMessage recorded(CatalogueEntry.Recorded entry) {
        String eventId = entry.quake().report().eventId();
        return of((eventId == null ? "line" : eventId) + "-" + entry.line(), entry.quake());
    }

    /**
     * Returns the message for an earthquake that somebody sent in. Its id is the event id, so that sending it twice
     * counts once; without an event id it is a new one each time.
     */
    public static QuakeMessage posted(Quake quake) {
        String eventId = quake.report().eventId();
        return of(eventId == null ? UUID.randomUUID().toString() : eventId, quake);
    }

    private static QuakeMessage of(String id, Quake quake) {
        String source = quake.report().source();
        return new QuakeMessage(QuakeTopic.of(source), source, id, QuakeJson.write(quake));
    }
}
