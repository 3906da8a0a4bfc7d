package io.leasehold.sample.web;

import io.leasehold.sample.desk.Desk;
import io.leasehold.sample.desk.DeskEvent;
import io.leasehold.sample.desk.LedgerEntry;
import io.leasehold.sample.desk.Tally;
import io.leasehold.sample.messaging.Published;
import io.leasehold.sample.messaging.QuakeMessage;
import io.leasehold.sample.messaging.QuakePublisher;
import io.leasehold.sample.quake.QuakeJson;
import java.net.URI;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** Single earthquakes: send one in, look one up. */
@RestController
@RequestMapping("/api/quakes")
public final class QuakeController {

    private final Desk desk;
    private final Tally tally;
    private final QuakePublisher publisher;

    QuakeController(Desk desk, Tally tally, QuakePublisher publisher) {
        this.desk = desk;
        this.tally = tally;
        this.publisher = publisher;
    }

    /**
     * Publishes an earthquake, and answers when the broker has confirmed it: 202, since assessing it follows. The body
     * is read as text, for an answer that names every field that is wrong.
     */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    public Mono<ResponseEntity<Published>> publish(@RequestBody(required = false) Mono<String> body) {
        return body.defaultIfEmpty("")
                .map(QuakeJson::read)
                .map(QuakeMessage::posted)
                .filter(message -> !desk.isFull() || desk.find(message.id()).isPresent())
                .switchIfEmpty(Mono.error(DeskFullException::new))
                .flatMap(publisher::publish)
                .doOnNext(this::count)
                .map(QuakeController::accepted);
    }

    /** Returns an earthquake with its assessment, which is missing while that goes on. */
    @GetMapping("/{id}")
    public LedgerEntry find(@PathVariable String id) {
        return desk.find(id).orElseThrow(() -> new UnknownQuakeException(id));
    }

    private void count(Published published) {
        if (!published.duplicate()) {
            tally.count(DeskEvent.PUBLISHED);
        }
    }

    private static ResponseEntity<Published> accepted(Published published) {
        URI place = URI.create("/api/quakes/" + UriUtils.encodePathSegment(published.id(), "UTF-8"));
        return ResponseEntity.accepted().location(place).body(published);
    }
}
