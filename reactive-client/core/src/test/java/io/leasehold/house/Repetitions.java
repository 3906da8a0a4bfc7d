package io.leasehold.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts places of six lines and more that stand, indentation apart, at another place too. */
final class Repetitions {
    private static final int LINES = 6;
    private static final int SAYS_SOMETHING = 4;

    private Repetitions() {}

    /** How many such places there are; those that overlap are one. */
    static int count(List<JavaSource> sources) {
        Map<List<String>, Integer> seen = new HashMap<>();
        for (JavaSource source : sources) {
            windows(code(source)).forEach(window -> seen.merge(window, 1, Integer::sum));
        }
        Set<String> places = new HashSet<>();
        for (JavaSource source : sources) {
            List<List<String>> windows = windows(code(source));
            boolean inside = false;
            for (int i = 0; i < windows.size(); i++) {
                boolean again = seen.get(windows.get(i)) > 1;
                if (again && !inside) {
                    places.add(source.path() + ":" + i);
                }
                inside = again;
            }
        }
        return places.size();
    }

    // Without imports, comments, braces alone and blank lines, of which every file has the same.
    private static List<String> code(JavaSource source) {
        return source.lines().stream()
                .map(String::strip)
                .filter(line -> line.length() >= SAYS_SOMETHING)
                .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
                .filter(line -> !line.startsWith("*") && !line.startsWith("/*") && !line.startsWith("//"))
                .filter(line -> !line.startsWith("@"))
                .toList();
    }

    private static List<List<String>> windows(List<String> lines) {
        List<List<String>> windows = new ArrayList<>();
        for (int i = 0; i + LINES <= lines.size(); i++) {
            windows.add(lines.subList(i, i + LINES));
        }
        return windows;
    }
}
