package io.leasehold.benchmarks.compare;

import io.leasehold.benchmarks.contender.Contender;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** The file with all numbers: each trial, and what is made of them. */
final class Numbers {
    private final JsonGenerator json;

    private Numbers(JsonGenerator json) {
        this.json = json;
    }

    /** Writes it where one is wanted. */
    static void write(Options options, List<Results> results, IdleResults idle) throws IOException {
        Path file = options.json();
        if (file == null) {
            return;
        }
        try (Writer writer = Files.newBufferedWriter(file);
                JsonGenerator json = new JsonFactory().createGenerator(new Indented(), writer)) {
            new Numbers(json).all(options, results, idle);
        }
    }

    /** A line for each value. */
    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public DefaultPrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }
    }

    private void all(Options options, List<Results> results, IdleResults idle) throws IOException {
        json.writeStartObject();
        json.writeStringProperty("server", NatsProcess.version(options.server()));
        json.writeStringProperty("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        json.writeStringProperty("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        json.writeNumberProperty("processors", Runtime.getRuntime().availableProcessors());
        json.writeNumberProperty("rounds", options.rounds());
        json.writeNumberProperty("warm", options.warm());
        json.writeNumberProperty("window", options.window());
        json.writeArrayPropertyStart("workloads");
        results.forEach(this::workload);
        json.writeEndArray();
        idle(idle);
        json.writeEndObject();
    }

    private void workload(Results results) {
        Workload workload = results.workload();
        json.writeStartObject();
        json.writeStringProperty("name", workload.name());
        json.writeStringProperty("what", workload.what());
        json.writeNumberProperty("bodyBytes", workload.bodyBytes());
        json.writeArrayPropertyStart("rounds");
        results.rounds().forEach(this::round);
        json.writeEndArray();
        json.writeObjectPropertyStart("sides");
        workload.contenders().forEach(each -> side(results, each));
        json.writeEndObject();
        json.writeArrayPropertyStart("goals");
        workload.goals().forEach(each -> goal(results, each));
        json.writeEndArray();
        json.writeArrayPropertyStart("failures");
        results.failures().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void round(Map<String, Sample> samples) {
        json.writeStartObject();
        samples.forEach((side, sample) -> {
            json.writeObjectPropertyStart(side);
            for (Figure figure : Figure.values()) {
                number(figure.json(), sample.get(figure));
            }
            json.writeEndObject();
        });
        json.writeEndObject();
    }

    // JSON has no word for what is no number.
    private void number(String name, double value) {
        if (Double.isFinite(value)) {
            json.writeNumberProperty(name, value);
        } else {
            json.writeNullProperty(name);
        }
    }

    private void side(Results results, Contender contender) {
        json.writeObjectPropertyStart(contender.side());
        for (Figure figure : Figure.values()) {
            spread(figure.json(), results.of(contender.side(), figure));
        }
        json.writeObjectPropertyStart("ratios");
        for (Contender other : results.workload().contenders()) {
            if (!other.equals(contender)) {
                ratios(results, contender.side(), other.side());
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void ratios(Results results, String side, String beside) {
        json.writeObjectPropertyStart(beside);
        for (Figure figure : Figure.values()) {
            spread(figure.json(), results.ratio(side, beside, figure));
        }
        json.writeEndObject();
    }

    private void spread(String name, Spread spread) {
        json.writeObjectPropertyStart(name);
        number("low", spread.low());
        number("median", spread.median());
        number("high", spread.high());
        json.writeEndObject();
    }

    private void goal(Results results, Goal goal) {
        double is = results.of(goal).median();
        json.writeStartObject();
        json.writeStringProperty("wanted", goal.text());
        number("is", is);
        json.writeBooleanProperty("reached", goal.isReached(is));
        json.writeEndObject();
    }

    private void idle(IdleResults idle) {
        json.writeArrayPropertyStart(Idle.NAME);
        for (Idle each : idle.rounds()) {
            json.writeStartObject();
            json.writeNumberProperty("consumers", each.consumers());
            number("startSeconds", each.startSeconds());
            number("bytesEach", each.bytesEach());
            number("cpuShare", each.cpuShare());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
