package io.leasehold.house;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Defines our classes anew, those of main so that each of their methods tells {@link Walk} that it was entered. */
final class WalkLoader extends ClassLoader {
    private static final String OURS = "io.leasehold.";
    private static final String WALK = "io/leasehold/house/Walk";
    private static final String CHANNELS = "io/netty/channel/Channel";

    // The number of an anonymous type.
    private static final Pattern UNNAMED = Pattern.compile(".*\\$\\d+($|\\$).*");

    private final List<String> tests = List.of(placeOf(WalkLoader.class), placeOf(JavaSources.class));

    WalkLoader() {
        super(WalkLoader.class.getClassLoader());
    }

    private static String placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.equals(Walk.class.getName())) {
            return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        URL file = getParent().getResource(name.replace('.', '/') + ".class");
        if (file == null) {
            throw new ClassNotFoundException(name);
        }
        byte[] code = read(file);
        byte[] told = tests.stream().anyMatch(file.toString()::contains) ? code : telling(code);
        return defineClass(name, told, 0, told.length);
    }

    private static byte[] read(URL file) {
        try (InputStream in = file.openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] telling(byte[] code) {
        ClassReader reader = new ClassReader(code);
        String type = reader.getClassName().replace('/', '.');
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        boolean named = !UNNAMED.matcher(type).matches();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return new Telling(next, named && !name.equals("<clinit>") ? type : "");
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static final class Telling extends MethodVisitor {
        private final String type;

        Telling(MethodVisitor next, String type) {
            super(Opcodes.ASM9, next);
            this.type = type;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            if (!type.isEmpty()) {
                super.visitLdcInsn(type);
                super.visitMethodInsn(Opcodes.INVOKESTATIC, WALK, "entered", "(Ljava/lang/String;)V", false);
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
            if (owner.startsWith(CHANNELS) && name.startsWith("write")) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, WALK, "writes", "()V", false);
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
        }
    }
}
