package io.leasehold.planted;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The product with a mistake: source files changed as text, compiled in memory, loaded beside the real ones. */
public final class Mutant {
    private static final String ROOT = "io/leasehold/";

    private final ClassLoader loader;

    /** The product, and all that tests it, with the mistake in it; a mistake may take several files, or none. */
    public Mutant(Mistake... mistakes) {
        List<Source> changed = Stream.of(mistakes)
                .map(mistake -> new Source(mistake.file(), mistake.in(read(source(mistake.file())))))
                .toList();
        this.loader = new MutantLoader(changed.isEmpty() ? Map.of() : compile(changed), Mutant.class.getClassLoader());
    }

    /** Loads it. */
    public ClassLoader loader() {
        return loader;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    // Whichever module of the client has it.
    private static Path source(String file) {
        try (Stream<Path> modules = Files.list(client())) {
            return modules.map(module -> module.resolve("src/main/java").resolve(ROOT + file))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no module has " + file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    // The folder of the client's modules, wherever the tests were started.
    private static Path client() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("reactive-client"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("Run the tests from within the repository.");
        }
        return folder.resolve("reactive-client");
    }

    private static Map<String, byte[]> compile(List<Source> changed) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        StandardJavaFileManager standard = compiler.getStandardFileManager(problems, null, null);
        try (Compiled compiled = new Compiled(standard)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-implicit:none", "-classpath", classpath());
            boolean good = compiler.getTask(null, compiled, problems, options, null, changed)
                    .call();
            if (!good) {
                throw new IllegalStateException("the mistake does not compile: "
                        + problems.getDiagnostics().stream()
                                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                                .map(Object::toString)
                                .collect(Collectors.joining("; ")));
            }
            return compiled.classes();
        } catch (IOException closing) {
            throw new UncheckedIOException(closing);
        }
    }

    // Maven runs a main class in a loader of its own, and tests in a JVM of their own.
    private static String classpath() {
        if (!(Mutant.class.getClassLoader() instanceof URLClassLoader loader)) {
            return System.getProperty("java.class.path");
        }
        return Stream.of(loader.getURLs())
                .map(place -> Path.of(URI.create(place.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + ROOT + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Compiled extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

        Compiled(StandardJavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            outputs.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("bytes:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            for (String name : new ArrayList<>(outputs.keySet())) {
                classes.put(name, outputs.get(name).toByteArray());
            }
            return classes;
        }
    }
}
