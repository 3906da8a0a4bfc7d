package io.leasehold.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.PackageElement;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds which package uses which. The compiler resolves every name, so that imports, names written out in full, static
 * members and chained calls on types that are not named at all are seen alike.
 */
final class PackageUses extends TreePathScanner<Void, Void> {

    private final Trees trees;
    private final CompilationUnitTree unit;
    private final String from;
    private final List<PackageUse> uses;

    private PackageUses(Trees trees, CompilationUnitTree unit, List<PackageUse> uses) {
        this.trees = trees;
        this.unit = unit;
        this.from = String.valueOf(unit.getPackageName());
        this.uses = uses;
    }

    /** The uses in what one of the client's modules ships; what it needs has to be on the class path. */
    static List<PackageUse> ofModule(String name) {
        Path root = JavaSources.repository();
        Path sources = root.resolve("reactive-client").resolve(name).resolve("src/main/java");
        return of(JavaSources.javaFiles(sources).stream()
                .map(file -> JavaSources.text(JavaSources.relative(root, file), JavaSources.read(file)))
                .toList());
    }

    static List<PackageUse> of(List<JavaFileObject> sources) {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
        JavacTask task =
                (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, problems, options, null, sources);
        List<PackageUse> uses = new ArrayList<>();
        try {
            Iterable<? extends CompilationUnitTree> units = task.parse();
            task.analyze();
            refuseUnresolved(problems);
            units.forEach(unit -> new PackageUses(Trees.instance(task), unit, uses).scan(unit, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return uses;
    }

    private static void refuseUnresolved(DiagnosticCollector<JavaFileObject> problems) {
        String errors = problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(Object::toString)
                .collect(Collectors.joining(System.lineSeparator()));
        if (!errors.isEmpty()) {
            throw new IllegalStateException("The sources do not compile here:" + System.lineSeparator() + errors);
        }
    }

    private void record(Tree at, @Nullable Element used) {
        String to = packageOf(used);
        if (!to.isEmpty() && !to.equals(from)) {
            long position = trees.getSourcePositions().getStartPosition(unit, at);
            String file = unit.getSourceFile().toUri().getPath().substring(1);
            uses.add(new PackageUse(from, to, file, unit.getLineMap().getLineNumber(position)));
        }
    }

    private static String packageOf(@Nullable Element used) {
        Element element = used;
        if (element == null || element.getKind() == ElementKind.PACKAGE) {
            return "";
        }
        while (element != null && element.getKind() != ElementKind.PACKAGE) {
            element = element.getEnclosingElement();
        }
        return element == null
                ? ""
                : ((PackageElement) element).getQualifiedName().toString();
    }

    private void recordCurrent(Tree at) {
        record(at, trees.getElement(getCurrentPath()));
    }

    @Override
    public Void visitImport(ImportTree tree, Void unused) {
        if (tree.getQualifiedIdentifier() instanceof MemberSelectTree name
                && name.getIdentifier().contentEquals("*")) {
            TreePath owner = new TreePath(new TreePath(getCurrentPath(), name), name.getExpression());
            Element imported = trees.getElement(owner);
            if (imported instanceof PackageElement wholePackage) {
                uses.add(wholeImport(tree, wholePackage.getQualifiedName().toString()));
            }
        }
        return super.visitImport(tree, unused);
    }

    private PackageUse wholeImport(ImportTree tree, String to) {
        long position = trees.getSourcePositions().getStartPosition(unit, tree);
        String file = unit.getSourceFile().toUri().getPath().substring(1);
        return new PackageUse(from, to, file, unit.getLineMap().getLineNumber(position));
    }

    @Override
    public Void visitIdentifier(IdentifierTree tree, Void unused) {
        recordCurrent(tree);
        return super.visitIdentifier(tree, unused);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree tree, Void unused) {
        recordCurrent(tree);
        return super.visitMemberSelect(tree, unused);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree tree, Void unused) {
        recordCurrent(tree);
        return super.visitMemberReference(tree, unused);
    }

    @Override
    public Void visitNewClass(NewClassTree tree, Void unused) {
        recordCurrent(tree);
        return super.visitNewClass(tree, unused);
    }
}
