package io.leasehold.house;

/**
 * One package names something of another.
 *
 * @param from the package of the source, in full
 * @param to the other package, in full
 * @param file the source, below the repository
 * @param line counted from 1
 */
record PackageUse(String from, String to, String file, long line) {

    Violation violation(String what) {
        return new Violation(file, line, from + " uses " + to + ": " + what);
    }
}
