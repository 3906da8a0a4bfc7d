package io.leasehold.house;

/**
 * One place that breaks a rule.
 *
 * @param file the path below the repository, with slashes
 * @param line counted from 1
 * @param what the rule, its limit, what was measured, and what to do
 */
record Violation(String file, long line, String what) {

    @Override
    public String toString() {
        return file + ":" + line + " " + what;
    }
}
