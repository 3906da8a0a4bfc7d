package io.leasehold.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Everything that users can see says what it promises. */
final class DocRules extends TreePathScanner<Void, Void> {

    private static final Set<Tree.Kind> OPEN_MEMBERS = Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

    private final JavaSource source;
    private final List<Violation> violations = new ArrayList<>();

    private DocRules(JavaSource source) {
        this.source = source;
    }

    static List<Violation> check(JavaSource source) {
        DocRules rules = new DocRules(source);
        if (source.isProduct()) {
            rules.scan(source.unit(), null);
        }
        return rules.violations;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
        if (!isSeen(type.getModifiers())) {
            return null;
        }
        require(type, "type " + type.getSimpleName());
        return super.visitClass(type, unused);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
        if (isSeen(method.getModifiers()) && !isInherited(method)) {
            require(method, "method " + method.getName());
        }
        return null;
    }

    /** Public or protected by its own word, or because it stands in an interface. */
    private boolean isSeen(ModifiersTree modifiers) {
        Set<Modifier> flags = modifiers.getFlags();
        boolean inInterface = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree outer
                && OPEN_MEMBERS.contains(outer.getKind())
                && !flags.contains(Modifier.PRIVATE);
        return inInterface || flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private static boolean isInherited(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private void require(Tree tree, String what) {
        String comment = source.docs().getDocComment(getCurrentPath());
        if (comment == null || comment.isBlank()) {
            violations.add(source.violation(tree, what + " is public without javadoc: say what it promises"));
        }
    }
}
