package io.leasehold.sample.catalogue;

import io.leasehold.sample.quake.QuakeCsv;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/** An open catalogue that stands behind its column names. It blocks and has one user at a time. */
final class CatalogueReader {

    private static final String LOCATION_REMEDY = "set quakedesk.replay.catalogue to a file that can be read";

    private final String name;
    private final BufferedReader reader;
    private long line;

    private CatalogueReader(String name, BufferedReader reader) {
        this.name = name;
        this.reader = reader;
    }

    static CatalogueReader open(Resource file) {
        String name = file.getDescription();
        try {
            BufferedReader text = new BufferedReader(new InputStreamReader(stream(file), StandardCharsets.UTF_8));
            CatalogueReader opened = new CatalogueReader(name, text);
            opened.expectHeader();
            return opened;
        } catch (IOException unreadable) {
            throw new CatalogueException(name + " cannot be opened; " + LOCATION_REMEDY, unreadable);
        }
    }

    private static InputStream stream(Resource file) throws IOException {
        String filename = file.getFilename();
        InputStream bytes = file.getInputStream();
        if (filename == null || !filename.endsWith(".gz")) {
            return bytes;
        }

        try {
            return new GZIPInputStream(bytes);
        } catch (IOException notCompressed) {
            bytes.close();
            throw notCompressed;
        }
    }

    private void expectHeader() {
        CatalogueLine first = next();
        if (first == null || !first.text().equals(QuakeCsv.header())) {
            close();
            String problem = name + ", line 1: not the column names of a catalogue";
            throw new CatalogueException(problem + "; give " + QuakeCsv.header(), null);
        }
    }

    /** Returns the next line, or {@code null} at the end of the file. */
    @Nullable
    CatalogueLine next() {
        try {
            String text = reader.readLine();
            return text == null ? null : new CatalogueLine(++line, text);
        } catch (IOException unreadable) {
            String problem = name + " cannot be read after line " + line;
            throw new CatalogueException(problem + "; " + LOCATION_REMEDY, unreadable);
        }
    }

    void close() {
        try {
            reader.close();
        } catch (IOException unreadable) {
            throw new CatalogueException(name + " cannot be closed; " + LOCATION_REMEDY, unreadable);
        }
    }
}
