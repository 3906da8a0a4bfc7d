package io.leasehold.sample.quake;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns written fields into an earthquake, and collects everything that is wrong with them instead of stopping at the
 * first. One reader reads one earthquake.
 */
final class QuakeReader {

    private static final int NUMBER_LENGTH = 32;
    private static final Bounds LATITUDE = Bounds.of(-90, 90, "degrees");
    private static final Bounds LONGITUDE = Bounds.of(-180, 180, "degrees");
    private static final Bounds DEPTH = Bounds.of(-10, 1000, "kilometres");
    private static final Bounds MAGNITUDE = Bounds.of(-2, 10, "a magnitude with at most two decimals");
    private static final Bounds STATIONS = Bounds.of(0, 100_000, "a whole number of stations");
    private static final Bounds GAP = Bounds.of(0, 360, "degrees");
    private static final Bounds DISTANCE = Bounds.of(0, 100_000, "a distance");
    private static final Bounds RMS = Bounds.of(0, 1000, "seconds");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z]{1,8}");
    private static final Pattern SOURCE = Pattern.compile("[!-~][ -~]{0,15}");
    // No hyphen: it joins an event id and a line number in a message id, so that neither can be taken for the other.
    private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9]{1,32}");

    private final RawQuake raw;
    private final List<FieldProblem> problems;

    private QuakeReader(RawQuake raw) {
        this.raw = raw;
        this.problems = new ArrayList<>(raw.formProblems());
    }

    /** Reads an earthquake, or throws {@link QuakeFormatException} with all that is wrong. */
    static Quake read(RawQuake raw) {
        QuakeReader reader = new QuakeReader(raw);
        Quake quake = reader.quake();
        if (!reader.problems.isEmpty()) {
            throw new QuakeFormatException(reader.problems);
        }
        return quake;
    }

    private Quake quake() {
        return new Quake(time(), hypocenter(), magnitude(), solution(), report());
    }

    private Hypocenter hypocenter() {
        return new Hypocenter(
                required(QuakeField.LATITUDE, LATITUDE),
                required(QuakeField.LONGITUDE, LONGITUDE),
                required(QuakeField.DEPTH, DEPTH));
    }

    private Solution solution() {
        return new Solution(
                stations(), real(QuakeField.GAP, GAP), real(QuakeField.DISTANCE, DISTANCE), real(QuakeField.RMS, RMS));
    }

    private Report report() {
        String source = text(QuakeField.SOURCE, SOURCE, "give 1 to 16 printable ASCII characters, such as us");
        if (source == null) {
            missing(QuakeField.SOURCE, "give the reporting network, such as us");
        }
        String eventId = text(QuakeField.EVENT_ID, EVENT_ID, "give 1 to 32 letters and digits, or leave it out");
        return new Report(source == null ? "" : source, eventId);
    }

    private Instant time() {
        String text = raw.textOf(QuakeField.TIME);
        if (text == null) {
            missing(QuakeField.TIME, timeRemedy());
            return Instant.EPOCH;
        }

        try {
            return raw.time(text);
        } catch (DateTimeException notATime) {
            wrong(QuakeField.TIME, shown(text) + " is not a time", timeRemedy());
            return Instant.EPOCH;
        }
    }

    private String timeRemedy() {
        return "give a UTC time such as " + raw.timeExample();
    }

    private Magnitude magnitude() {
        BigDecimal number = number(QuakeField.MAGNITUDE, MAGNITUDE);
        if (number == null) {
            missing(QuakeField.MAGNITUDE, MAGNITUDE.remedy());
        }
        String type = text(QuakeField.MAGNITUDE_TYPE, TYPE, "give 1 to 8 letters such as Mw, or leave it out");
        return new Magnitude(whole(QuakeField.MAGNITUDE, MAGNITUDE, hundredfold(number)), type);
    }

    private static BigDecimal hundredfold(@Nullable BigDecimal number) {
        return number == null ? BigDecimal.ZERO : number.movePointRight(2);
    }

    private @Nullable Integer stations() {
        BigDecimal number = number(QuakeField.STATIONS, STATIONS);
        return number == null ? null : Integer.valueOf(whole(QuakeField.STATIONS, STATIONS, number));
    }

    private int whole(QuakeField field, Bounds bounds, BigDecimal number) {
        try {
            return number.intValueExact();
        } catch (ArithmeticException fraction) {
            wrong(field, shown(raw.textOf(field)) + " has too many decimals", bounds.remedy());
            return 0;
        }
    }

    private double required(QuakeField field, Bounds bounds) {
        BigDecimal number = number(field, bounds);
        if (number == null) {
            missing(field, bounds.remedy());
            return 0;
        }
        return number.doubleValue();
    }

    private @Nullable Double real(QuakeField field, Bounds bounds) {
        BigDecimal number = number(field, bounds);
        return number == null ? null : Double.valueOf(number.doubleValue());
    }

    private @Nullable BigDecimal number(QuakeField field, Bounds bounds) {
        String text = raw.textOf(field);
        if (text == null) {
            return null;
        }

        BigDecimal number = parsed(text);
        if (number == null) {
            wrong(field, shown(text) + " is not a number", bounds.remedy());
        } else if (!bounds.contain(number)) {
            wrong(field, shown(text) + " is out of bounds", bounds.remedy());
        } else {
            return number;
        }
        return BigDecimal.ZERO;
    }

    private static @Nullable BigDecimal parsed(String text) {
        if (text.length() > NUMBER_LENGTH) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private @Nullable String text(QuakeField field, Pattern pattern, String remedy) {
        String text = raw.textOf(field);
        if (text != null && !pattern.matcher(text).matches()) {
            wrong(field, shown(text) + " is not accepted", remedy);
        }
        return text;
    }

    private void missing(QuakeField field, String remedy) {
        String name = raw.nameOf(field);
        if (problems.stream().noneMatch(problem -> problem.field().equals(name))) {
            problems.add(new FieldProblem(name, "is missing", remedy));
        }
    }

    private void wrong(QuakeField field, String problem, String remedy) {
        problems.add(new FieldProblem(raw.nameOf(field), problem, remedy));
    }

    /** Quotes what was written, shortened and on one line: an error is read by people and kept in logs. */
    private static String shown(@Nullable String text) {
        String quoted = text == null ? "" : CONTROL.matcher(text).replaceAll("?");
        return '"' + (quoted.length() <= NUMBER_LENGTH ? quoted : quoted.substring(0, NUMBER_LENGTH) + "…") + '"';
    }
}
