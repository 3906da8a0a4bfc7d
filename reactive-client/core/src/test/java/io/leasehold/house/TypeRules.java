package io.leasehold.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/** What types are called, which of them may be extended, and whether the build will find a test. */
final class TypeRules extends TreeScanner<Void, Void> {

    private static final Pattern DUMPING_GROUND = Pattern.compile(".*(Utils|Util|Helper|Helpers|Manager)");
    private static final Set<String> TEST_ANNOTATIONS =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "FuzzTest");

    private final JavaSource source;
    private final List<Violation> violations = new ArrayList<>();

    private TypeRules(JavaSource source) {
        this.source = source;
    }

    static List<Violation> check(JavaSource source) {
        TypeRules rules = new TypeRules(source);
        rules.scan(source.unit(), null);
        return rules.violations;
    }

    @Override
    public Void visitCompilationUnit(CompilationUnitTree unit, Void unused) {
        for (Tree type : unit.getTypeDecls()) {
            if (type instanceof ClassTree named) {
                checkExtension(named);
                checkFound(named);
            }
        }
        return super.visitCompilationUnit(unit, unused);
    }

    private void checkExtension(ClassTree type) {
        Set<Modifier> modifiers = type.getModifiers().getFlags();
        // Exceptions form families that others add to.
        boolean open = type.getKind() == Tree.Kind.CLASS
                && !type.getSimpleName().toString().endsWith("Exception")
                && !modifiers.contains(Modifier.FINAL)
                && !modifiers.contains(Modifier.SEALED)
                && !modifiers.contains(Modifier.ABSTRACT);
        if (source.isProduct() && modifiers.contains(Modifier.PUBLIC) && open) {
            add(type, "public class " + type.getSimpleName() + " is open: make it final, sealed or a record");
        }
    }

    private void checkFound(ClassTree type) {
        String name = type.getSimpleName().toString();
        // The last are run by the profile fuzz, one in each JVM.
        boolean run = name.endsWith("Test") || name.endsWith("IT") || name.endsWith("Fuzz");
        boolean concrete = type.getKind() == Tree.Kind.CLASS
                && !type.getModifiers().getFlags().contains(Modifier.ABSTRACT);
        if (!source.isMain() && concrete && !run && type.getMembers().stream().anyMatch(TypeRules::isTest)) {
            add(type, "test class " + name + " would never run: name it ...Test or ...IT");
        }
    }

    private static boolean isTest(Tree member) {
        return member instanceof MethodTree method
                && method.getModifiers().getAnnotations().stream()
                        .map(AnnotationTree::getAnnotationType)
                        .map(Tree::toString)
                        .anyMatch(TEST_ANNOTATIONS::contains);
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
        String name = type.getSimpleName().toString();
        if (DUMPING_GROUND.matcher(name).matches()) {
            add(type, "type name " + name + " says nothing: name it after what it does");
        }
        return super.visitClass(type, unused);
    }

    private void add(ClassTree type, String what) {
        violations.add(source.violation(type, what));
    }
}
