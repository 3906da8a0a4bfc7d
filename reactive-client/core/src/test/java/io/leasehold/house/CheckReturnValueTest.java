package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a call is made for must not be dropped: each public method that returns a {@code Mono} or {@code Flux}, makes
 * settings, or gives an immutable value another value says so by {@code @CheckReturnValue}, on it or on its type.
 * Error Prone, which knows that name, makes a dropped result an error of our own build, too.
 */
@Tag("once")
class CheckReturnValueTest {
    private static final String CHECKED = "CheckReturnValue";
    private static final String IGNORED = "CanIgnoreReturnValue";
    private static final Set<String> MODULES =
            Set.of("reactive-client/core", "reactive-client/wire", "reactive-client/nats");
    private static final Set<String> LAZY = Set.of("Mono", "Flux");
    private static final Set<String> MAKERS = Set.of("build", "builder", "mutate", "defaults");

    @Test
    void noResultForWhichACallIsMadeCanBeDropped() {
        List<JavaSource> sources = JavaSources.ofRepository().stream()
                .filter(source -> source.isMain() && MODULES.contains(source.module()))
                .toList();
        Set<String> ours = ApiText.typesThatAreOurs(sources);

        List<String> unmarked = sources.stream()
                .flatMap(CheckReturnValueTest::typesOf)
                .filter(type -> !ours.contains(type.getSimpleName().toString()))
                .flatMap(type -> unmarked(type, "").stream())
                .toList();

        assertThat(unmarked)
                .as("methods whose result is what they are called for: mark them, or their type, @CheckReturnValue")
                .isEmpty();
    }

    @Test
    void aDroppedResultIsFound() {
        assertThat(unmarkedIn("public class A { public Mono<Void> b() {} public A c() {} public int d() {} }"))
                .containsExactly("A.b", "A.c");
        assertThat(unmarkedIn("@CheckReturnValue public class A { public Mono<Void> b() {} public A c() {} }"))
                .isEmpty();
        assertThat(unmarkedIn("@CheckReturnValue public class A { @CanIgnoreReturnValue public Mono<Void> b() {}"
                        + " @CanIgnoreReturnValue public A c() {} }"))
                .containsExactly("A.b");
        assertThat(unmarkedIn("@CheckReturnValue public class A { @CanIgnoreReturnValue public static class Builder"
                        + " { public Builder b() {} public A build() {} } }"))
                .containsExactly("A.Builder.build");
    }

    private static List<String> unmarkedIn(String type) {
        JavaSource source = JavaSources.of("reactive-client/core/src/main/java/a/A.java", "package a; " + type);
        return typesOf(source).flatMap(found -> unmarked(found, "").stream()).toList();
    }

    private static Stream<ClassTree> typesOf(JavaSource source) {
        return source.unit().getTypeDecls().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .filter(type -> type.getModifiers().getFlags().contains(Modifier.PUBLIC));
    }

    private static List<String> unmarked(ClassTree type, String around) {
        String mark = markOf(type.getModifiers(), around);
        boolean isInterface = type.getKind() == Tree.Kind.INTERFACE;
        List<String> found = new ArrayList<>();
        for (Tree member : type.getMembers()) {
            if (member instanceof MethodTree method && (isInterface || isPublic(method.getModifiers()))) {
                if (!isMarked(type, method, markOf(method.getModifiers(), mark))) {
                    found.add(type.getSimpleName() + "." + method.getName());
                }
            } else if (member instanceof ClassTree inner && (isInterface || isPublic(inner.getModifiers()))) {
                unmarked(inner, mark).forEach(name -> found.add(type.getSimpleName() + "." + name));
            }
        }
        return found;
    }

    private static boolean isMarked(ClassTree type, MethodTree method, String mark) {
        String returned = method.getReturnType() == null
                ? ""
                : method.getReturnType().toString().replaceAll("<.*", "");
        boolean overrides = marks(method.getModifiers()).contains("Override");
        if (overrides) {
            return true;
        }
        if (LAZY.contains(returned) || MAKERS.contains(method.getName().toString())) {
            return mark.equals(CHECKED);
        }
        return !returned.equals(type.getSimpleName().toString()) || !mark.isEmpty();
    }

    private static boolean isPublic(ModifiersTree modifiers) {
        return modifiers.getFlags().contains(Modifier.PUBLIC);
    }

    // The nearest mark counts.
    private static String markOf(ModifiersTree modifiers, String around) {
        List<String> marks = marks(modifiers);
        if (marks.contains(CHECKED)) {
            return CHECKED;
        }
        return marks.contains(IGNORED) ? IGNORED : around;
    }

    private static List<String> marks(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .map(mark -> mark.getAnnotationType().toString().replaceAll(".*[.]", ""))
                .toList();
    }
}
