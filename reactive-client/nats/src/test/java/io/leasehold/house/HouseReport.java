package io.leasehold.house;

import io.leasehold.MessageClient;
import io.leasehold.nats.NatsBroker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes {@code house.txt}: figures of the client's code for people to read, beside those of before, and the names
 * behind them. Nothing fails by them.
 */
final class HouseReport {
    private static final List<String> MODULES =
            List.of("reactive-client/core", "reactive-client/wire", "reactive-client/nats");
    private static final int MANY_FIELDS = 15;
    private static final String ROW = "%-66s %16s %16s%n";
    private static final int NAMES_IN_A_ROW = 6;

    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> figures = new LinkedHashMap<>();

    private HouseReport() {}

    public static void main(String[] args) throws IOException {
        Path file = JavaSources.repository().resolve("reactive-client/house.txt");
        String report = of(client(), classes(), Walks.walk());
        Files.writeString(file, report);
        System.out.print(report);
        // Schedulers that were started have threads that stay.
        System.exit(0);
    }

    private static List<JavaSource> client() {
        return JavaSources.ofRepository().stream()
                .filter(source -> source.isMain() && MODULES.contains(source.module()))
                .filter(source -> !source.isPackageInfo())
                .toList();
    }

    private static List<ClassFile> classes() {
        return Stream.of(MessageClient.class, NatsBroker.class)
                .flatMap(one -> ClassFile.below(folderOf(one)).stream())
                .toList();
    }

    private static Path folderOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(List<JavaSource> sources, List<ClassFile> classes, Walks walks) {
        HouseReport report = new HouseReport();
        List<List<String>> cycles = ClassCycles.of(classes);
        Map<String, Integer> fields = fields(classes);

        report.countSources(sources);
        report.countCycles(classes, cycles);
        long heavy =
                fields.values().stream().filter(count -> count > MANY_FIELDS).count();
        report.figures.put("classes with more than 15 fields, inherited ones included", "" + heavy);
        report.figures.put(
                "types that a publish meets up to its write",
                "" + walks.publish().size());
        report.figures.put(
                "types that a handout meets up to its handler",
                "" + walks.handle().size());

        report.writeFigures();
        report.writeCycles(cycles);
        report.writeFields(fields);
        report.writeNames("A publish meets, from its subscription to the write to the channel", walks.publish());
        report.writeNames("A handout meets, from its arrival to the handler's first instruction", walks.handle());
        return report.text.toString();
    }

    private void countSources(List<JavaSource> sources) {
        List<Integer> lines =
                sources.stream().map(HouseReport::codeLines).sorted().toList();
        MethodFigures methods = MethodFigures.of(sources);
        figures.put("files", "" + sources.size());
        figures.put("code lines", "" + lines.stream().mapToInt(each -> each).sum());
        figures.put("code lines a file: median / 95 % / most", tail(lines));
        figures.put("lines a method: median / 95 % / most", tail(methods.lines()));
        figures.put("methods of 10 lines and more with a blank line", methods.paragraphs() + " %");
        figures.put("places of 6 lines that stand elsewhere too", "" + Repetitions.count(sources));
    }

    // Neither blank nor comment.
    private static int codeLines(JavaSource source) {
        return (int) source.lines().stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .filter(line -> !line.startsWith("/*") && !line.startsWith("*"))
                .count();
    }

    private static String tail(List<Integer> sorted) {
        int last = sorted.size() - 1;
        return sorted.get(last / 2) + " / " + sorted.get(last * 95 / 100) + " / " + sorted.get(last);
    }

    private void countCycles(List<ClassFile> classes, List<List<String>> cycles) {
        long types = classes.stream()
                .map(each -> ClassFile.outermost(each.name()))
                .distinct()
                .filter(name -> !name.endsWith("package-info"))
                .count();
        long inCycles = cycles.stream().mapToInt(List::size).sum();
        String largest =
                cycles.stream().limit(6).map(cycle -> "" + cycle.size()).collect(Collectors.joining(" "));
        figures.put("top-level types", "" + types);
        figures.put("types in class cycles", 100 * inCycles / types + " %");
        figures.put("largest class cycles inside a package", largest);
    }

    private static Map<String, Integer> fields(List<ClassFile> classes) {
        Map<String, ClassFile> byName = new HashMap<>();
        classes.forEach(each -> byName.put(each.name(), each));
        Map<String, Integer> fields = new HashMap<>();
        for (ClassFile each : classes) {
            int count = 0;
            for (ClassFile at = each; at != null; at = byName.get(at.parent())) {
                count += at.fields();
            }
            fields.put(each.name(), count);
        }
        return fields;
    }

    private void writeFigures() {
        Properties before = before();
        text.append("Figures of the client's code, for people to read; nothing fails by them.\n")
                .append("Written by: mvn -q -ntp -pl reactive-client/nats -am -Phouse test\n\n")
                .append(ROW.formatted("", "before", "now"));
        figures.forEach((name, now) -> text.append(ROW.formatted(name, before.getProperty(key(name), "-"), now)));
    }

    private static Properties before() {
        Properties before = new Properties();
        try (InputStream in = HouseReport.class.getResourceAsStream("before.properties")) {
            if (in != null) {
                before.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return before;
    }

    private static String key(String name) {
        return name.replaceAll("[^a-z0-9]+", "-");
    }

    private void writeCycles(List<List<String>> cycles) {
        text.append("\nClasses that need each other, inside one package\n");
        for (List<String> cycle : cycles) {
            text.append("  %d in %s%n".formatted(cycle.size(), shortened(ClassFile.packageOf(cycle.get(0)))));
            writeWrapped(cycle.stream()
                    .map(name -> name.substring(name.lastIndexOf('.') + 1))
                    .toList());
        }
    }

    private void writeFields(Map<String, Integer> fields) {
        text.append("\nClasses with more than 15 fields, inherited ones included\n");
        Comparator<Map.Entry<String, Integer>> most = Map.Entry.comparingByValue(Comparator.reverseOrder());
        fields.entrySet().stream()
                .filter(each -> each.getValue() > MANY_FIELDS)
                .sorted(most.thenComparing(Map.Entry.comparingByKey()))
                .forEach(each -> text.append("  %2d  %s%n".formatted(each.getValue(), shortened(each.getKey()))));
    }

    private void writeNames(String title, List<String> names) {
        text.append("\n").append(title).append('\n');
        writeWrapped(names.stream().map(HouseReport::shortened).toList());
    }

    private void writeWrapped(List<String> names) {
        List<String> rest = new ArrayList<>(names);
        while (!rest.isEmpty()) {
            List<String> row = rest.subList(0, Math.min(NAMES_IN_A_ROW, rest.size()));
            text.append("     ").append(String.join(", ", row)).append('\n');
            row.clear();
        }
    }

    private static String shortened(String name) {
        return name.startsWith(PackageMap.ROOT + ".") ? name.substring(PackageMap.ROOT.length() + 1) : name;
    }
}
