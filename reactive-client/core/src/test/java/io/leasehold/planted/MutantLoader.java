package io.leasehold.planted;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Loads the product and the simulation anew, some classes in another version; the rest comes from the parent. */
final class MutantLoader extends ClassLoader {
    private static final String OURS = "io.leasehold.";

    private final Map<String, byte[]> changed;

    MutantLoader(Map<String, byte[]> changed, ClassLoader parent) {
        super(parent);
        this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            bytes = original(name);
        }
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        // Some of them look for the build folder by where they came from.
        return defineClass(name, bytes, 0, bytes.length, MutantLoader.class.getProtectionDomain());
    }

    private byte @Nullable [] original(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
