package io.leasehold.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;

class HouseReportTest {

    /** Something with two fields of its own. */
    static class Parent {
        private int own;
        private String text = "";
        private static int shared;

        int sum() {
            return own + text.length() + shared;
        }
    }

    private static ClassFile type(String name, String... uses) {
        return new ClassFile(name, "java.lang.Object", 0, Set.of(uses));
    }

    @Test
    void cyclesAreFoundInsideOnePackageOnly() {
        List<ClassFile> classes = List.of(
                type("a.A", "a.B", "b.C"),
                type("a.B$Inner", "a.A"),
                type("a.B"),
                type("a.D", "a.A"),
                type("b.C", "a.A"));

        assertThat(ClassCycles.of(classes)).containsExactly(List.of("a.A", "a.B"));
    }

    @Test
    void theLargestCycleComesFirst() {
        List<ClassFile> classes = List.of(
                type("a.A", "a.B"),
                type("a.B", "a.A", "a.C"),
                type("a.C", "a.D"),
                type("a.D", "a.E"),
                type("a.E", "a.C"));

        assertThat(ClassCycles.of(classes)).containsExactly(List.of("a.C", "a.D", "a.E"), List.of("a.A", "a.B"));
    }

    @Test
    void aClassFileTellsItsFieldsAndWhatItNames() throws Exception {
        ClassFile file = ClassFile.of(new ClassReader(Parent.class.getName()));

        assertThat(file.fields()).isEqualTo(2);
        assertThat(file.uses()).contains("java.lang.String").doesNotContain("java.util.List");
        assertThat(ClassFile.outermost(file.name())).isEqualTo(HouseReportTest.class.getName());
    }

    @Test
    void methodsAreMeasuredFromTheirFirstLineToTheirLast() {
        String longer = "    void b() {\n" + "        c();\n".repeat(8) + "\n        c();\n    }\n";
        JavaSource source = JavaSources.of("A.java", "class A {\n    void a() {}\n" + longer + "}\n");

        MethodFigures figures = MethodFigures.of(List.of(source));

        assertThat(figures.lines()).containsExactly(1, 12);
        assertThat(figures.paragraphs()).isEqualTo(100);
    }

    @Test
    void whatStandsTwiceIsCountedAtBothPlaces() {
        String same = "        first();\n".repeat(3) + "        second();\n".repeat(3);
        JavaSource one = JavaSources.of("A.java", "class A {\n    void a() {\n" + same + "    }\n}\n");
        JavaSource other = JavaSources.of("B.java", "class B {\n    void b() {\n" + same + "    }\n}\n");

        assertThat(Repetitions.count(List.of(one))).isZero();
        assertThat(Repetitions.count(List.of(one, other))).isEqualTo(2);
    }
}
