package io.leasehold.sample.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.sample.catalogue.CatalogueEntry.Recorded;
import io.leasehold.sample.catalogue.CatalogueEntry.Rejected;
import io.leasehold.sample.quake.Quake;
import io.leasehold.sample.quake.QuakeCsv;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import reactor.test.StepVerifier;

/** The catalogue is read whole, and what is wrong in it is told by line and field. */
class CatalogueTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String GOOD =
            "2016/01/01 00:30:58.02,37.4485,-115.9455,12.31,1.27,ML,26,150,28,0.20,NN,524900";
    private static final String BAD = "2016/01/01 00:30:58.02,37.4485,-195.9455,12.31,x,ML,26,150,28,0.20,NN,524900";

    @Test
    void theYear2016IsComplete() {
        List<Recorded> records = year2016();

        assertThat(records).hasSize(38_094);
        assertThat(records).element(0).extracting(Recorded::line).isEqualTo(2L);
        assertThat(records).last().extracting(Recorded::line).isEqualTo(38_095L);
        assertThat(records).extracting(record -> record.quake().time()).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(countFrom(records, 600)).isEqualTo(114);
        assertThat(countFrom(records, 700)).isEqualTo(13);
        assertThat(countFrom(records, 100)).isEqualTo(38_094);
    }

    @Test
    void eventIdsOfTheYear2016AreMissingAndRepeated() {
        List<Recorded> records = year2016();
        Map<String, Long> uses = records.stream()
                .map(record -> record.quake().report().eventId())
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(records)
                .filteredOn(record -> record.quake().report().eventId() == null)
                .hasSize(2_273);
        assertThat(uses).hasSize(38_094 - 2_273 - 1);
        assertThat(uses.entrySet())
                .filteredOn(use -> use.getValue() > 1)
                .containsExactly(Map.entry("201605042008", 2L));
    }

    @Test
    void aThirdOfTheYear2016IsReportedByOneNetwork() {
        Map<String, Long> networks = year2016().stream()
                .collect(Collectors.groupingBy(record -> record.quake().report().source(), Collectors.counting()));

        assertThat(networks).hasSize(58).containsEntry("us", 12_551L);
    }

    @Test
    void theSizeIsKnownWithoutTheHeader() {
        StepVerifier.create(new Catalogue(new ClassPathResource("catalogue/earthquakes-2016.csv.gz")).size())
                .expectNext(38_094L)
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void aBadLineIsAnEntryAndTheOthersGoOn() {
        StepVerifier.create(catalogue(QuakeCsv.header(), GOOD, BAD, "", GOOD).entries())
                .assertNext(entry -> assertThat(entry).isEqualTo(new Recorded(2, quake())))
                .assertNext(entry -> assertThat(entry).isInstanceOfSatisfying(Rejected.class, rejected -> {
                    assertThat(rejected.line()).isEqualTo(3);
                    assertThat(rejected.text()).isEqualTo(BAD);
                    assertThat(rejected.reason()).contains("line 3", "Longitude: ", "Magnitude: ", "\"x\"");
                }))
                .assertNext(entry -> assertThat(entry)
                        .isInstanceOfSatisfying(
                                Rejected.class,
                                rejected -> assertThat(rejected.reason()).contains("line 4")))
                .expectNext(new Recorded(5, quake()))
                .expectComplete()
                .verify(LIMIT);
    }

    @Test
    void aFileWithoutColumnNamesIsRefused() {
        expectFailure(catalogue(GOOD), "line 1", QuakeCsv.header());
        expectFailure(catalogue(), "line 1", QuakeCsv.header());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        expectFailure(
                new Catalogue(new ClassPathResource("catalogue/none.csv")),
                "catalogue/none.csv",
                "quakedesk.replay.catalogue");
    }

    @Test
    void aFileThatIsNotCompressedThoughItsNameSaysSoIsNamed() {
        expectFailure(new Catalogue(named("plain.csv.gz", GOOD.getBytes(StandardCharsets.UTF_8))), "cannot be opened");
    }

    @Test
    void aFileThatIsCutOffTellsAfterWhichLine() {
        byte[] whole = compressed(QuakeCsv.header() + "\n" + (GOOD + "\n").repeat(1000));
        byte[] cut = Arrays.copyOf(whole, whole.length - 12);

        StepVerifier.create(new Catalogue(named("cut.csv.gz", cut)).entries().ignoreElements())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(CatalogueException.class)
                        .hasMessageContaining("cannot be read after line"))
                .verify(LIMIT);
    }

    @Test
    void isReadNoFasterThanAsked() {
        StepVerifier.create(catalogue(QuakeCsv.header(), GOOD, GOOD).entries(), 1)
                .expectNext(new Recorded(2, quake()))
                .thenRequest(1)
                .expectNext(new Recorded(3, quake()))
                .thenCancel()
                .verify(LIMIT);
    }

    private static void expectFailure(Catalogue catalogue, String... parts) {
        StepVerifier.create(catalogue.entries())
                .expectErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(CatalogueException.class).hasMessageContainingAll(parts))
                .verify(LIMIT);
    }

    private static List<Recorded> year2016() {
        return new Catalogue(new ClassPathResource("catalogue/earthquakes-2016.csv.gz"))
                .entries()
                .cast(Recorded.class)
                .collectList()
                .blockOptional(LIMIT)
                .orElseThrow();
    }

    private static long countFrom(List<Recorded> records, int hundredths) {
        return records.stream()
                .filter(record -> record.quake().magnitude().hundredths() >= hundredths)
                .count();
    }

    private static Quake quake() {
        return QuakeCsv.read(GOOD);
    }

    private static Catalogue catalogue(String... lines) {
        return new Catalogue(named("test.csv", String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    }

    private static ByteArrayResource named(String name, byte[] bytes) {
        return new ByteArrayResource(bytes) {
            @Override
            public String getFilename() {
                return name;
            }
        };
    }

    private static byte[] compressed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
