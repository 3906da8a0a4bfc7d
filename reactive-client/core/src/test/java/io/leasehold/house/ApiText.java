package io.leasehold.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/**
 * Writes what a module promises to those who compile against it as a text: each public type that is not marked as ours,
 * with what is public or protected in it, in an order that does not depend on the sources. What overrides something is
 * left out: its promise stands where it was made.
 */
final class ApiText {
    private static final String USERS = "users";
    private static final String INTERNAL = "Internal";
    private static final String FOR_BROKERS = "BrokerApi";
    private static final Set<String> SAY_NOTHING = Set.of("SuppressWarnings", "SafeVarargs", FOR_BROKERS);
    private static final Set<Modifier> SHOWN = EnumSet.of(
            Modifier.PROTECTED, Modifier.ABSTRACT, Modifier.STATIC, Modifier.FINAL, Modifier.DEFAULT, Modifier.SEALED);

    private final Map<String, TreeSet<String>> types = new TreeMap<>();

    private ApiText() {}

    /** What the main sources of one module promise; empty when they promise nothing. */
    static String of(Collection<JavaSource> module) {
        Map<String, String> audiences = audiences(module);
        ApiText text = new ApiText();
        publicTypes(module)
                .forEach((type, source) ->
                        text.add(source.packageName(), audiences.getOrDefault(source.packageName(), USERS), type));
        return text.types.entrySet().stream()
                .map(entry -> entry.getKey() + "\n\n" + String.join("\n", entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    /** The names of public types that are marked as ours, by their own mark or that of their package. */
    static Set<String> typesThatAreOurs(Collection<JavaSource> sources) {
        Map<String, String> audiences = audiences(sources);
        Set<String> names = new TreeSet<>();
        publicTypes(sources).forEach((type, source) -> {
            String inherited = audiences.getOrDefault(source.packageName(), USERS);
            if (audience(type.getModifiers().getAnnotations(), inherited).equals(INTERNAL)) {
                names.add(type.getSimpleName().toString());
            }
        });
        return names;
    }

    private static Map<String, String> audiences(Collection<JavaSource> sources) {
        return sources.stream()
                .filter(JavaSource::isPackageInfo)
                .collect(Collectors.toMap(
                        JavaSource::packageName,
                        source -> audience(source.unit().getPackage().getAnnotations(), USERS)));
    }

    private static Map<ClassTree, JavaSource> publicTypes(Collection<JavaSource> sources) {
        Map<ClassTree, JavaSource> found = new LinkedHashMap<>();
        for (JavaSource source : sources) {
            for (Tree type : source.unit().getTypeDecls()) {
                if (type instanceof ClassTree named && isPublic(named.getModifiers())) {
                    found.put(named, source);
                }
            }
        }
        return found;
    }

    private void add(String packageName, String inherited, ClassTree type) {
        String audience = audience(type.getModifiers().getAnnotations(), inherited);
        if (!audience.equals(INTERNAL)) {
            List<String> lines = new ArrayList<>();
            writeType(type, "", false, lines);
            types.computeIfAbsent("package " + packageName + ", for " + audience, key -> new TreeSet<>())
                    .add(String.join("\n", lines) + "\n");
        }
    }

    private static String audience(List<? extends AnnotationTree> marks, String otherwise) {
        Set<String> names = marks.stream().map(ApiText::nameOf).collect(Collectors.toSet());
        if (names.contains(INTERNAL)) {
            return INTERNAL;
        }
        return names.contains(FOR_BROKERS) ? "writers of brokers" : otherwise;
    }

    private static String nameOf(AnnotationTree annotation) {
        String name = annotation.getAnnotationType().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static void writeType(ClassTree type, String indent, boolean inInterface, List<String> lines) {
        lines.add(indent + flattened(header(type, inInterface)));
        String below = indent + "    ";
        List<String> constants = new ArrayList<>();
        // By their names, then by the rest.
        Map<String, String> members = new TreeMap<>();
        List<String> nested = new ArrayList<>();
        for (Tree member : type.getMembers()) {
            if (member instanceof MethodTree method && isSeen(type, method.getModifiers()) && isPromise(type, method)) {
                String text = flattened(method(type, method));
                members.put(nameOf(type, method) + " " + text, below + text);
            } else if (member instanceof VariableTree field && isSeen(type, field.getModifiers())) {
                addField(type, field, below, constants, members);
            } else if (member instanceof ClassTree inner && isSeen(type, inner.getModifiers())) {
                List<String> text = new ArrayList<>();
                writeType(inner, below, isInterface(type), text);
                nested.add(String.join("\n", text));
            }
        }
        if (type.getKind() == Tree.Kind.CLASS && lacksConstructor(type)) {
            members.put("", below + type.getSimpleName() + "()");
        }
        lines.addAll(constants);
        lines.addAll(members.values());
        nested.stream().sorted().forEach(lines::add);
    }

    private static void addField(
            ClassTree type, VariableTree field, String indent, List<String> constants, Map<String, String> members) {
        String name = field.getName().toString();
        boolean constant = type.getKind() == Tree.Kind.ENUM
                && field.getType().toString().equals(type.getSimpleName().toString());
        if (constant) {
            constants.add(indent + name);
        } else {
            String text = flattened(modifiers(field.getModifiers(), SHOWN) + field.getType() + " " + name);
            members.put(name + " " + text, indent + text);
        }
    }

    // Constructors come first.
    private static String nameOf(ClassTree type, MethodTree method) {
        return isConstructor(method) ? "" : method.getName().toString();
    }

    private static boolean lacksConstructor(ClassTree type) {
        return type.getMembers().stream()
                .noneMatch(member -> member instanceof MethodTree method && isConstructor(method));
    }

    private static boolean isConstructor(MethodTree method) {
        return method.getName().contentEquals("<init>");
    }

    // What overrides is promised where it was first declared, and a record's own constructor by its header.
    private static boolean isPromise(ClassTree type, MethodTree method) {
        List<String> marks = method.getModifiers().getAnnotations().stream()
                .map(ApiText::nameOf)
                .toList();
        boolean own = type.getKind() == Tree.Kind.RECORD
                && isConstructor(method)
                && method.getParameters().stream()
                        .map(ApiText::parameter)
                        .collect(Collectors.joining(", "))
                        .equals(components(type));
        return !own && !marks.contains("Override") && !marks.contains(INTERNAL);
    }

    private static boolean isPublic(ModifiersTree modifiers) {
        return modifiers.getFlags().contains(Modifier.PUBLIC);
    }

    private static boolean isInterface(ClassTree type) {
        return type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
    }

    private static boolean isSeen(ClassTree within, ModifiersTree modifiers) {
        Set<Modifier> flags = modifiers.getFlags();
        boolean inherits = flags.contains(Modifier.PROTECTED)
                && !within.getModifiers().getFlags().contains(Modifier.FINAL)
                && within.getKind() == Tree.Kind.CLASS;
        boolean implied = isInterface(within) && !flags.contains(Modifier.PRIVATE);
        return implied || inherits || flags.contains(Modifier.PUBLIC);
    }

    private static String header(ClassTree type, boolean inInterface) {
        Set<Modifier> left = EnumSet.copyOf(SHOWN);
        if (inInterface || type.getKind() != Tree.Kind.CLASS) {
            left.remove(Modifier.STATIC);
        }
        if (type.getKind() == Tree.Kind.RECORD || type.getKind() == Tree.Kind.ENUM) {
            left.remove(Modifier.FINAL);
        }
        String kind = switch (type.getKind()) {
            case ANNOTATION_TYPE -> "@interface ";
            default -> type.getKind().name().toLowerCase(Locale.ROOT) + " ";
        };
        String components = type.getKind() == Tree.Kind.RECORD ? "(" + components(type) + ")" : "";
        String supers = type.getExtendsClause() == null ? "" : " extends " + type.getExtendsClause();
        String word = type.getKind() == Tree.Kind.INTERFACE ? " extends " : " implements ";
        return modifiers(type.getModifiers(), left)
                + kind
                + type.getSimpleName()
                + typed(type.getTypeParameters())
                + components
                + supers
                + listed(word, type.getImplementsClause())
                + listed(" permits ", type.getPermitsClause());
    }

    private static String components(ClassTree type) {
        return type.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                .map(ApiText::parameter)
                .collect(Collectors.joining(", "));
    }

    private static String method(ClassTree type, MethodTree method) {
        Set<Modifier> left = EnumSet.copyOf(SHOWN);
        if (isInterface(type)) {
            left.remove(Modifier.ABSTRACT);
        } else if (type.getModifiers().getFlags().contains(Modifier.FINAL)) {
            left.remove(Modifier.FINAL);
        }
        String generics = typed(method.getTypeParameters());
        String name = isConstructor(method)
                ? type.getSimpleName().toString()
                : method.getReturnType() + " " + nameOf(type, method);
        String value = method.getDefaultValue() == null ? "" : " default " + method.getDefaultValue();
        return modifiers(method.getModifiers(), left)
                + (generics.isEmpty() ? "" : generics + " ")
                + name
                + method.getParameters().stream().map(ApiText::parameter).collect(Collectors.joining(", ", "(", ")"))
                + listed(" throws ", method.getThrows())
                + value;
    }

    // Printed by the compiler, which knows whether any number of them may be given.
    private static String parameter(VariableTree parameter) {
        return flattened(parameter.toString()).replace("private final ", "");
    }

    private static String modifiers(ModifiersTree modifiers, Set<Modifier> shown) {
        String marks = modifiers.getAnnotations().stream()
                .filter(annotation -> !SAY_NOTHING.contains(nameOf(annotation)))
                .map(annotation -> annotation + " ")
                .collect(Collectors.joining());
        return marks
                + modifiers.getFlags().stream()
                        .filter(shown::contains)
                        .map(flag -> flag + " ")
                        .collect(Collectors.joining());
    }

    private static String typed(List<? extends Tree> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.stream().map(Tree::toString).collect(Collectors.joining(", ", "<", ">"));
    }

    private static String listed(String word, List<? extends Tree> types) {
        return types.isEmpty() ? "" : types.stream().map(Tree::toString).collect(Collectors.joining(", ", word, ""));
    }

    // The compiler's printer breaks after annotations and writes their empty brackets.
    private static String flattened(String text) {
        return text.replaceAll("(@[\\w.]+)\\(\\)", "$1").replaceAll("\\s+", " ").strip();
    }
}
