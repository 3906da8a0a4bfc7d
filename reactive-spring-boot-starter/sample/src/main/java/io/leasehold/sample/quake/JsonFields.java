package io.leasehold.sample.quake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of an earthquake in a JSON object. A field of the wrong kind counts as a problem of the form. */
record JsonFields(JsonNode tree) implements RawQuake {

    private static final List<String> KNOWN =
            Arrays.stream(QuakeField.values()).map(QuakeField::property).toList();

    @Override
    public String nameOf(QuakeField field) {
        return field.property();
    }

    @Override
    public @Nullable String textOf(QuakeField field) {
        JsonNode value = tree.get(field.property());
        if (value == null || !hasKind(value, field)) {
            return null;
        }
        String text = value.asString().strip();
        return text.isEmpty() ? null : text;
    }

    @Override
    public List<FieldProblem> formProblems() {
        List<FieldProblem> problems = new ArrayList<>();
        for (QuakeField field : QuakeField.values()) {
            JsonNode value = tree.get(field.property());
            if (value != null && !value.isNull() && !hasKind(value, field)) {
                problems.add(wrongKind(field));
            }
        }
        tree.propertyNames().stream()
                .filter(name -> !KNOWN.contains(name))
                .map(name -> new FieldProblem(name, "is not known", "leave it out; known are " + known()))
                .forEach(problems::add);

        return problems;
    }

    @Override
    public Instant time(String text) {
        return Instant.parse(text);
    }

    @Override
    public String timeExample() {
        return "2016-01-01T00:30:04.910Z";
    }

    private static boolean hasKind(JsonNode value, QuakeField field) {
        return switch (field.kind()) {
            case TEXT -> value.isString();
            case NUMBER -> value.isNumber();
        };
    }

    private static FieldProblem wrongKind(QuakeField field) {
        return switch (field.kind()) {
            case TEXT -> new FieldProblem(field.property(), "is not a string", "put it in quotes");
            case NUMBER -> new FieldProblem(field.property(), "is not a number", "give a number without quotes");
        };
    }

    static String known() {
        return KNOWN.stream().collect(Collectors.joining(", "));
    }
}
