package io.leasehold.sample.quake;

/**
 * What is wrong with one field, and what to do about it.
 *
 * @param field the field as its sender wrote it
 * @param problem what is wrong
 * @param remedy what to give instead
 */
public record FieldProblem(String field, String problem, String remedy) {

    @Override
    public String toString() {
        return field + ": " + problem + "; " + remedy;
    }
}
