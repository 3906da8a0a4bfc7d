package io.leasehold.spring.boot;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** Runs something in a class loader of its own, whose class path really lacks some jars. */
final class ReducedClassPath {
    private ReducedClassPath() {}

    /** Calls a class with a public constructor without arguments, without the jars and folders whose names or paths
     * match. */
    @SuppressWarnings("unchecked")
    static List<String> callWithout(Pattern jars, Class<? extends Callable<List<String>>> called) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urlsWithout(jars), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Class<?> loaded = loader.loadClass(called.getName());
            if (loaded.getClassLoader() != loader) {
                throw new AssertionError(called + " was not loaded anew");
            }
            return ((Callable<List<String>>) loaded.getDeclaredConstructor().newInstance()).call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL[] urlsWithout(Pattern jars) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !jars.matcher(path.getFileName().toString()).matches())
                .filter(path -> !jars.matcher(path.toString()).matches())
                .map(ReducedClassPath::urlOf)
                .toArray(URL[]::new);
    }

    private static URL urlOf(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException wrong) {
            throw new IllegalArgumentException(path.toString(), wrong);
        }
    }
}
