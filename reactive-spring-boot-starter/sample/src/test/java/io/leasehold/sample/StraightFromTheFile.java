package io.leasehold.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.springframework.core.io.ClassPathResource;

/** The statistics of the catalogue, worked out a second time and in another way: from the text, in one go, in order. */
public final class StraightFromTheFile {

    private static final int TIME = 0;
    private static final int MAGNITUDE = 4;
    private static final int SOURCE = 10;

    private final List<String[]> rows;

    private StraightFromTheFile(List<String[]> rows) {
        this.rows = rows;
    }

    /** Reads the catalogue of 2016. */
    public static StraightFromTheFile year2016() {
        ClassPathResource file = new ClassPathResource("catalogue/earthquakes-2016.csv.gz");
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file.getInputStream()), StandardCharsets.UTF_8))) {
            return new StraightFromTheFile(
                    reader.lines().skip(1).map(line -> line.split(",", -1)).toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The same for each network. */
    public Map<String, StraightFromTheFile> byNetwork() {
        return rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row[SOURCE],
                        Collectors.collectingAndThen(Collectors.toList(), StraightFromTheFile::new)));
    }

    /** How many earthquakes there are. */
    public long count() {
        return rows.size();
    }

    /** How many there are of a magnitude as it is written in the file, such as {@code 4.40}. */
    public long countOf(String magnitude) {
        return rows.stream().filter(row -> row[MAGNITUDE].equals(magnitude)).count();
    }

    /** The sum of their energies. */
    public double energyJoule() {
        return rows.stream()
                .map(row -> BigDecimal.valueOf(Math.pow(10, 1.5 * Double.parseDouble(row[MAGNITUDE]) + 4.8)))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .doubleValue();
    }

    /** The b-value from a completeness magnitude on, magnitudes rounded to tenths. */
    public double bValue(String completeness) {
        BigDecimal from = new BigDecimal(completeness);
        double mean = rows.stream()
                .map(row -> new BigDecimal(row[MAGNITUDE]).setScale(1, RoundingMode.HALF_UP))
                .filter(magnitude -> magnitude.compareTo(from) >= 0)
                .mapToDouble(BigDecimal::doubleValue)
                .average()
                .orElseThrow();
        return Math.log10(Math.E) / (mean - (from.doubleValue() - 0.05));
    }

    /** The largest magnitude as it is written. */
    public String largestMagnitude() {
        return rows.stream()
                .map(row -> row[MAGNITUDE])
                .max(Comparator.comparing(BigDecimal::new))
                .orElseThrow();
    }

    /** When the first earthquake of the largest magnitude began, as it is written. */
    public String largestTime() {
        String largest = largestMagnitude();
        return rows.stream()
                .filter(row -> row[MAGNITUDE].equals(largest))
                .map(row -> row[TIME])
                .findFirst()
                .orElseThrow();
    }
}
