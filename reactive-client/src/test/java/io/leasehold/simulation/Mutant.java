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

/** The product with a mistake: source files changed as text, compiled in memory, loaded beside the real ones. */
public final class Mutant {
    private static final String ROOT = "io/leasehold/";

    private final ClassLoader loader;

    /** The product, and all that tests it, with the mistake in it; a mistake may take several files, or none. */
    public Mutant(Mistake... mistakes) {
        List<Source> changed = Stream.of(mistakes)
                .map(mistake ->
                        new Source(mistake.file(), mistake.in(read(sources().resolve(ROOT + mistake.file())))))
                .toList();
        this.loader = new MutantLoader(changed.isEmpty() ? Map.of() : compile(changed), Mutant.class.getClassLoader());
    }

    /** Loads it. */
    public ClassLoader loader() {
        return loader;
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

    // The sources lie in the module that is tested, or beside the classes: <module>/target/classes.
    private static Path sources() {
        String module = System.getProperty("basedir");
        Path base = module == null
                ? placeOf(io.leasehold.lease.Lease.class).resolve("../..").normalize()
                : Path.of(module);
        return base.resolve("src/main/java");
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
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

    private static String classpath() {
        return Stream.of(
                        io.leasehold.lease.Lease.class,
                        reactor.core.publisher.Flux.class,
                        org.reactivestreams.Publisher.class,
                        org.jspecify.annotations.Nullable.class,
                        reactor.netty.resources.LoopResources.class,
                        io.netty.buffer.ByteBuf.class,
                        io.netty.channel.Channel.class,
                        io.netty.handler.ssl.SslHandler.class,
                        io.netty.util.ReferenceCounted.class)
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
