package io.leasehold.sample.quake;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An earthquake as one line of the catalogue: twelve fields with commas between them, some of them empty, no quotes.
 *
 * <pre>
 * 2016/01/01 00:30:04.91,18.0772,-67.1027,19.91,2.80,Md,,125,0,0.44,pr,201601012001
 * </pre>
 */
public final class QuakeCsv {

    private static final String HEADER =
            Arrays.stream(QuakeField.values()).map(QuakeField::column).collect(Collectors.joining(","));
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu/MM/dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private QuakeCsv() {}

    /** Returns the first line of a catalogue: the column names. */
    public static String header() {
        return HEADER;
    }

    /**
     * Reads one line.
     *
     * @throws QuakeFormatException if the line is not an earthquake; it names each column that is wrong
     */
    public static Quake read(String line) {
        String[] cells = line.split(",", -1);
        QuakeField[] fields = QuakeField.values();
        if (cells.length != fields.length) {
            String problem = "has " + cells.length + " fields instead of " + fields.length;
            throw new QuakeFormatException(List.of(new FieldProblem("line", problem, "give " + HEADER)));
        }

        Map<QuakeField, String> texts = new EnumMap<>(QuakeField.class);
        for (int i = 0; i < cells.length; i++) {
            texts.put(fields[i], cells[i].strip());
        }
        return QuakeReader.read(new Cells(texts));
    }

    /** The cells of one line. */
    private record Cells(Map<QuakeField, String> texts) implements RawQuake {

        @Override
        public String nameOf(QuakeField field) {
            return field.column();
        }

        @Override
        public @Nullable String textOf(QuakeField field) {
            String text = texts.get(field);
            return text == null || text.isEmpty() ? null : text;
        }

        @Override
        public List<FieldProblem> formProblems() {
            return List.of();
        }

        @Override
        public Instant time(String text) {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        }

        @Override
        public String timeExample() {
            return "2016/01/01 00:30:04.91";
        }
    }
}
