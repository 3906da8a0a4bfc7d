package io.leasehold.house;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which classes need each other, by Tarjan's strongly connected components (Depth-first search and linear graph
 * algorithms, 1972). A nested class counts as the one that it is nested in.
 */
final class ClassCycles {
    private final Map<String, Set<String>> graph;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> lowest = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<List<String>> cycles = new ArrayList<>();

    private ClassCycles(Map<String, Set<String>> graph) {
        this.graph = graph;
    }

    /** The cycles of at least two classes inside of one package each, the largest first. */
    static List<List<String>> of(List<ClassFile> classes) {
        Map<String, Set<String>> graph = new TreeMap<>();
        classes.forEach(each -> graph.put(ClassFile.outermost(each.name()), new TreeSet<>()));
        for (ClassFile each : classes) {
            String from = ClassFile.outermost(each.name());
            for (String used : each.uses()) {
                String to = ClassFile.outermost(used);
                boolean neighbour = ClassFile.packageOf(to).equals(ClassFile.packageOf(from));
                if (neighbour && !to.equals(from) && graph.containsKey(to)) {
                    graph.get(from).add(to);
                }
            }
        }
        ClassCycles found = new ClassCycles(graph);
        graph.keySet().forEach(found::visit);
        found.cycles.sort(Comparator.comparingInt(cycle -> -cycle.size()));
        return found.cycles;
    }

    private void visit(String type) {
        if (index.containsKey(type)) {
            return;
        }
        index.put(type, index.size());
        lowest.put(type, index.get(type));
        open.push(type);

        for (String next : graph.get(type)) {
            visit(next);
            if (open.contains(next)) {
                lowest.merge(type, lowest.get(next), Math::min);
            }
        }

        if (lowest.get(type).equals(index.get(type))) {
            close(type);
        }
    }

    private void close(String first) {
        List<String> cycle = new ArrayList<>();
        do {
            cycle.add(open.pop());
        } while (!cycle.contains(first));
        if (cycle.size() > 1) {
            cycle.sort(null);
            cycles.add(cycle);
        }
    }
}
