package io.leasehold.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** How large files, methods and types may grow, and how deep code may nest. */
final class SizeRules extends TreeScanner<Void, Void> {

    static final int MAIN_FILE_LINES = 400;
    static final int TEST_FILE_LINES = 600;
    static final int LINE_COLUMNS = 120;
    static final int METHOD_LINES = 40;
    static final int PARAMETERS = 5;
    static final int RECORD_COMPONENTS = 8;
    static final int FIELDS = 12;

    /** Facts that are read one by one, by name; only a broker fills them in, or whoever binds the keys of a file. */
    private static final Map<String, Integer> WIDER_RECORDS =
            Map.of("Capabilities", 10, "ConsumerProperties", 16, "LeaseholdProperties", 9);

    private final JavaSource source;
    private final List<Violation> violations = new ArrayList<>();
    private int constructorLimit = PARAMETERS;

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
        int limit = source.isMain() ? MAIN_FILE_LINES : TEST_FILE_LINES;
        if (lines.size() > limit) {
            add(limit, "file has %d lines, limit %d: split it by what it does", lines.size());
        }
        for (int i = 0; i < lines.size(); i++) {
            int columns = lines.get(i).length();
            // An import cannot be broken.
            if (columns > LINE_COLUMNS && !lines.get(i).startsWith("import ")) {
                String what = "line has %d columns, limit %d: break it";
                violations.add(source.violation(i + 1, what.formatted(columns, LINE_COLUMNS)));
            }
        }
    }

    private void add(int limit, String what, int measured) {
        violations.add(source.violation(limit + 1, what.formatted(measured, limit)));
    }

    private void check(Tree at, String what, long measured, int limit) {
        if (measured > limit) {
            violations.add(source.violation(at, what.formatted(measured, limit)));
        }
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
        boolean record = type.getKind() == Tree.Kind.RECORD;
        long fields =
                type.getMembers().stream().filter(SizeRules::isInstanceField).count();
        String name = type.getSimpleName() + " has %d ";
        if (record) {
            int limit = recordLimit(type);
            check(type, "record " + name + "components, limit %d: group them", fields, limit);
        } else {
            check(type, "type " + name + "instance fields, limit %d: give some their own type", fields, FIELDS);
        }
        int outer = constructorLimit;
        constructorLimit = record ? recordLimit(type) : PARAMETERS;
        super.visitClass(type, unused);
        constructorLimit = outer;
        return null;
    }

    private static int recordLimit(ClassTree type) {
        return WIDER_RECORDS.getOrDefault(type.getSimpleName().toString(), RECORD_COMPONENTS);
    }

    private static boolean isInstanceField(Tree member) {
        return member instanceof VariableTree field
                && !field.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
        boolean constructor = method.getReturnType() == null;
        int limit = constructor ? constructorLimit : PARAMETERS;
        String name = "method " + (constructor ? "<init>" : method.getName());
        check(
                method,
                name + " has %d parameters, limit %d: group them",
                method.getParameters().size(),
                limit);
        long lines = source.endLine(method) - source.startLine(method) + 1;
        check(method, name + " has %d lines, limit %d: give its steps names", lines, METHOD_LINES);
        return super.visitMethod(method, unused);
    }
}
