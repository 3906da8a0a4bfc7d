package io.leasehold.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Finds and parses the sources of all modules with the JDK's own compiler. */
final class JavaSources {

    private static final int DEEPEST_SOURCE_ROOT = 5;

    private JavaSources() {}

    /** The folder that holds all modules, wherever the tests were started. */
    static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isRegularFile(folder.resolve("reactive-client/pom.xml"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("Run the tests from within the repository.");
        }
        return folder;
    }

    /** All hand-written sources, main and test, of all modules. */
    static List<JavaSource> ofRepository() {
        Path root = repository();
        List<JavaFileObject> texts = new ArrayList<>();
        for (Path sourceRoot : sourceRoots(root)) {
            for (Path file : javaFiles(sourceRoot)) {
                texts.add(text(relative(root, file), read(file)));
            }
        }
        return parse(texts);
    }

    /** One made-up source, for showing that a rule finds what it should. */
    static JavaSource of(String path, String text) {
        return parse(List.of(text(path, text))).get(0);
    }

    static List<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String relative(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // What a build writes is not looked into: it comes and goes while we walk.
    private static List<Path> sourceRoots(Path root) {
        List<Path> roots = new ArrayList<>();
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = String.valueOf(folder.getFileName());
                if (name.equals("target") || name.startsWith(".git")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                boolean found = folder.endsWith("src/main/java") || folder.endsWith("src/test/java");
                if (found) {
                    roots.add(folder);
                }
                return found ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), DEEPEST_SOURCE_ROOT + 1, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        roots.sort(null);
        return roots;
    }

    private static List<JavaSource> parse(List<JavaFileObject> texts) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, texts);
        DocTrees docs = DocTrees.instance(task);
        List<JavaSource> sources = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                String path = unit.getSourceFile().toUri().getPath().substring(1);
                String text = unit.getSourceFile().getCharContent(true).toString();
                sources.add(new JavaSource(path, text.lines().toList(), unit, docs));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    static JavaFileObject text(String path, String text) {
        return new SimpleJavaFileObject(URI.create("text:///" + path), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
