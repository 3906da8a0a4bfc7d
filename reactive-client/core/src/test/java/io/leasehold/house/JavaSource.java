package io.leasehold.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import java.util.List;
import java.util.Set;

/**
 * One parsed source file.
 *
 * @param path below the repository, with slashes, for example {@code benchmarks/src/main/java/...}
 * @param lines its text
 * @param unit its tree, not attributed
 * @param docs knows the comments of that tree and where its nodes stand
 */
record JavaSource(String path, List<String> lines, CompilationUnitTree unit, DocTrees docs) {

    /** The folders of the modules that users put on their class path. */
    static final Set<String> PRODUCT = Set.of(
            "reactive-client/core",
            "reactive-client/broker-contract",
            "reactive-client/wire",
            "reactive-client/nats",
            "reactive-client/test",
            "reactive-spring-boot-starter");

    /** The module's folder, for example {@code reactive-spring-boot-starter/sample}. */
    String module() {
        return path.substring(0, Math.max(0, path.indexOf("/src/")));
    }

    boolean isMain() {
        return path.contains("/src/main/");
    }

    /** Main code of what users put on their class path; the sample and the benchmarks are not. */
    boolean isProduct() {
        return isMain() && PRODUCT.contains(module());
    }

    boolean isPackageInfo() {
        return path.endsWith("/package-info.java");
    }

    String packageName() {
        return String.valueOf(unit.getPackageName());
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    long startLine(Tree tree) {
        return lineAt(docs.getSourcePositions().getStartPosition(unit, tree));
    }

    long endLine(Tree tree) {
        return lineAt(docs.getSourcePositions().getEndPosition(unit, tree));
    }

    private long lineAt(long position) {
        return position < 0 ? 1 : unit.getLineMap().getLineNumber(position);
    }

    Violation violation(Tree at, String what) {
        return violation(startLine(at), what);
    }

    Violation violation(long line, String what) {
        return new Violation(path, line, what);
    }
}
