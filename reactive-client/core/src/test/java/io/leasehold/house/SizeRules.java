package io.leasehold.house;

import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;

/** How long lines and methods may grow, and how deep code may nest. */
final class SizeRules extends TreeScanner<Void, Void> {

    static final int LINE_COLUMNS = 120;
    static final int METHOD_LINES = 40;

    private final JavaSource source;
    private final List<Violation> violations = new ArrayList<>();

    private SizeRules(JavaSource source) {
        this.source = source;
    }

    static List<Violation> check(JavaSource source) {
        SizeRules rules = new SizeRules(source);
        rules.checkText();
        rules.scan(source.unit(), null);
        rules.violations.addAll(Nesting.check(source));
        return rules.violations;
    }

    private void checkText() {
        List<String> lines = source.lines();
        for (int i = 0; i < lines.size(); i++) {
            int columns = lines.get(i).length();
            // An import cannot be broken.
            if (columns > LINE_COLUMNS && !lines.get(i).startsWith("import ")) {
                String what = "line has %d columns, limit %d: break it";
                violations.add(source.violation(i + 1, what.formatted(columns, LINE_COLUMNS)));
            }
        }
    }

    private void check(Tree at, String what, long measured, int limit) {
        if (measured > limit) {
            violations.add(source.violation(at, what.formatted(measured, limit)));
        }
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
        String name = "method " + (method.getReturnType() == null ? "<init>" : method.getName());
        long lines = source.endLine(method) - source.startLine(method) + 1;
        check(method, name + " has %d lines, limit %d: give its steps names", lines, METHOD_LINES);
        return super.visitMethod(method, unused);
    }
}
