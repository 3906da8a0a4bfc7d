package io.leasehold.sample.quake;

import java.util.List;
import java.util.stream.Collectors;

/** Something that was meant to be an earthquake is not one; each field that is wrong is named. */
public final class QuakeFormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<FieldProblem> problems;

    /**
     * Names what is wrong.
     *
     * @param problems at least one
     */
    public QuakeFormatException(List<FieldProblem> problems) {
        super(problems.stream().map(FieldProblem::toString).collect(Collectors.joining(" | ")));
        this.problems = List.copyOf(problems);
    }

    /** Returns what is wrong, in the order of the fields. */
    public List<FieldProblem> problems() {
        return problems;
    }
}
