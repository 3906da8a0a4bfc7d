package io.leasehold.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * What one class file says of its class.
 *
 * @param name in full, with dots, {@code $} before the name of a nested one
 * @param parent the class that it extends
 * @param fields how many fields each instance has besides those that it inherits
 * @param uses the classes that it names, in full
 */
record ClassFile(String name, String parent, int fields, Set<String> uses) {

    /** All classes below a folder of class files. */
    static List<ClassFile> below(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .map(ClassFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassFile read(Path file) {
        try {
            return of(new ClassReader(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ClassFile of(ClassReader reader) {
        Set<String> uses = new TreeSet<>();
        List<String> fields = new ArrayList<>();
        ClassVisitor counter = new ClassVisitor(Opcodes.ASM9) {
            @Override
            public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
                if ((access & (Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC)) == 0) {
                    fields.add(name);
                }
                return null;
            }
        };
        reader.accept(counter, ClassReader.SKIP_CODE);
        Remapper collector = new Remapper(Opcodes.ASM9) {
            @Override
            public String map(String used) {
                uses.add(dotted(used));
                return used;
            }
        };
        reader.accept(new ClassRemapper(Opcodes.ASM9, new ClassVisitor(Opcodes.ASM9) {}, collector) {}, 0);
        return new ClassFile(dotted(reader.getClassName()), dotted(reader.getSuperName()), fields.size(), uses);
    }

    private static String dotted(String internal) {
        return internal.replace('/', '.');
    }

    /** The class in whose source file a class stands. */
    static String outermost(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }
}
