package io.leasehold.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
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

/** The product with a mistake: one source file changed as text, compiled in memory, loaded beside the real one. */
final class Mutant {
    private static final String ROOT = "io/leasehold/";

    private final ClassLoader loader;

    /** The product and the simulation with the mistake in it. */
    Mutant(Mistake mistake) {
        String text = mistake.in(read(sources().resolve(ROOT + mistake.file())));
        this.loader = new MutantLoader(compile(mistake.file(), text), Mutant.class.getClassLoader());
    }

    /** Where the simulation finds the mistake. */
    SimulationEntry entry() {
        return new SimulationEntry(loader);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    // The sources lie beside the classes: <module>/target/classes, <module>/src/main/java.
    private static Path sources() {
        return placeOf(io.leasehold.lease.Lease.class)
                .resolve("../../src/main/java")
                .normalize();
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, byte[]> compile(String file, String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        StandardJavaFileManager standard = compiler.getStandardFileManager(problems, null, null);
        try (Compiled compiled = new Compiled(standard)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-implicit:none", "-classpath", classpath());
            boolean good = compiler.getTask(null, compiled, problems, options, null, List.of(new Source(file, text)))
                    .call();
            if (!good) {
                throw new IllegalStateException("the mistake in " + file + " does not compile: "
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

    private static String classpath() {
        return Stream.of(
                        io.leasehold.lease.Lease.class,
                        reactor.core.publisher.Flux.class,
                        org.reactivestreams.Publisher.class,
                        org.jspecify.annotations.Nullable.class)
                .map(type -> placeOf(type).toString())
                .collect(Collectors.joining(java.io.File.pathSeparator));
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
