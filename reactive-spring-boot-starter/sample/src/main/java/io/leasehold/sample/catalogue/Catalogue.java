package io.leasehold.sample.catalogue;

import org.springframework.core.io.Resource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A catalogue of earthquakes in a file, one per line under a line of column names, compressed if its name ends in
 * {@code .gz}. Each subscription reads the file anew and no faster than it is asked for, on {@code boundedElastic}.
 */
public final class Catalogue {

    private final Resource file;

    /**
     * Names the file, which is not opened yet.
     *
     * @param file the catalogue
     */
    public Catalogue(Resource file) {
        this.file = file;
    }

    /**
     * Returns every line after the column names in the order of the file: a line that is not an earthquake is an entry
     * too, so that none is passed over. Ends with {@link CatalogueException} if the file itself cannot be read.
     */
    public Flux<CatalogueEntry> entries() {
        return lines().map(CatalogueLine::entry);
    }

    /** Returns the number of lines after the column names; reads the file once when subscribed. */
    public Mono<Long> size() {
        return lines().count();
    }

    private Flux<CatalogueLine> lines() {
        return Flux.using(() -> CatalogueReader.open(file), Catalogue::lines, CatalogueReader::close)
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static Flux<CatalogueLine> lines(CatalogueReader reader) {
        return Flux.generate(sink -> {
            CatalogueLine line = reader.next();
            if (line == null) {
                sink.complete();
            } else {
                sink.next(line);
            }
        });
    }
}
