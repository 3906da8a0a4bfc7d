package io.leasehold.house;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;

/** How long the methods of sources with a body are, and which of the longer ones have paragraphs. */
final class MethodFigures extends TreeScanner<Void, JavaSource> {
    private static final int LONG = 10;

    private final List<Integer> lines = new ArrayList<>();
    private int longer;
    private int withParagraphs;

    static MethodFigures of(List<JavaSource> sources) {
        MethodFigures figures = new MethodFigures();
        sources.forEach(source -> figures.scan(source.unit(), source));
        figures.lines.sort(null);
        return figures;
    }

    /** The lines of each method, from its first line to its closing brace, in ascending order. */
    List<Integer> lines() {
        return lines;
    }

    /** The share, in percent, of methods of ten lines and more that have a blank line. */
    int paragraphs() {
        return longer == 0 ? 0 : 100 * withParagraphs / longer;
    }

    @Override
    public Void visitMethod(MethodTree method, JavaSource source) {
        long first = source.startLine(method);
        long last = source.endLine(method);
        // The compiler adds constructors that stand nowhere.
        if (method.getBody() != null && last > 0 && first > 0 && source.endLine(method.getBody()) == last) {
            int length = (int) (last - first + 1);
            lines.add(length);
            if (length >= LONG) {
                longer++;
                boolean blank = source.lines().subList((int) first - 1, (int) last).stream()
                        .anyMatch(String::isBlank);
                withParagraphs += blank ? 1 : 0;
            }
        }
        return super.visitMethod(method, source);
    }
}
