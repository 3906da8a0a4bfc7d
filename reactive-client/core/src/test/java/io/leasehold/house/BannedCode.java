package io.leasehold.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/** What is not written: locks, sleeping, waiting, other clocks, printing, notes to ourselves, tests switched off. */
final class BannedCode extends TreeScanner<Void, Void> {

    private static final Pattern NOTE = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final String SLEEPING = "sleeping: use virtual time, or wait for the thing itself with a limit";

    /** The one place whose purpose is to look at both clocks. */
    private static final String COMPARES_CLOCKS = "Watchdog.java";

    private static final Set<String> COARSE =
            Set.of("MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS");
    private static final Set<String> BLOCKING = Set.of("block", "blockFirst", "blockLast", "blockOptional");
    private static final Set<String> PRINTING = Set.of("out", "err");
    private static final Set<String> CLOCKS = Set.of("nanoTime", "currentTimeMillis");
    private static final Set<String> OFF = Set.of("Disabled", "Ignore");

    private final JavaSource source;
    private final List<Violation> violations = new ArrayList<>();

    private BannedCode(JavaSource source) {
        this.source = source;
    }

    static List<Violation> check(JavaSource source) {
        BannedCode banned = new BannedCode(source);
        banned.checkNotes();
        banned.scan(source.unit(), null);
        return banned.violations;
    }

    private void checkNotes() {
        for (int i = 0; source.isMain() && i < source.lines().size(); i++) {
            if (NOTE.matcher(source.lines().get(i)).find()) {
                violations.add(source.violation(i + 1, "a note to ourselves: do it, or open an issue"));
            }
        }
    }

    private void ban(Tree at, String what) {
        violations.add(source.violation(at, what));
    }

    private void banInProduct(Tree at, String what) {
        if (source.isProduct()) {
            ban(at, what);
        }
    }

    @Override
    public Void visitImport(ImportTree tree, Void unused) {
        String name = tree.getQualifiedIdentifier().toString();
        if (name.startsWith("java.util.concurrent.locks.") && !name.endsWith(".LockSupport")) {
            banInProduct(tree, "a lock (" + name + "): use one atomic transition");
        }
        if (tree.isStatic() && name.equals("java.lang.Thread.sleep")) {
            ban(tree, SLEEPING);
        }
        if (tree.isStatic() && name.startsWith("java.lang.System.")) {
            banInProduct(tree, name + " imported statically: time, output and exit come from outside");
        }
        // What an import names is not yet a use.
        return null;
    }

    @Override
    public Void visitSynchronized(SynchronizedTree tree, Void unused) {
        banInProduct(tree, "synchronized: use one atomic transition");
        return super.visitSynchronized(tree, unused);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
        if (tree.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
            banInProduct(tree, "synchronized: use one atomic transition");
        }
        return super.visitMethod(tree, unused);
    }

    @Override
    public Void visitAnnotation(AnnotationTree tree, Void unused) {
        if (OFF.contains(lastName(tree.getAnnotationType()))) {
            ban(tree, "a test switched off: mend or remove it");
        }
        return super.visitAnnotation(tree, unused);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree tree, Void unused) {
        checkSystem(tree, tree.getExpression(), tree.getIdentifier().toString());
        return super.visitMemberSelect(tree, unused);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree tree, Void unused) {
        checkSystem(tree, tree.getQualifierExpression(), tree.getName().toString());
        return super.visitMemberReference(tree, unused);
    }

    private void checkSystem(Tree at, Tree owner, String name) {
        if (!lastName(owner).equals("System")) {
            return;
        }
        if (PRINTING.contains(name)) {
            banInProduct(at, "System." + name + ": signal an event or throw");
        }
        if (CLOCKS.contains(name)) {
            banInProduct(at, "System." + name + ": take the time from the injected Ticker");
        }
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
        String name = lastName(tree.getMethodSelect());
        if (name.equals("sleep") && isSleeper(tree.getMethodSelect())) {
            ban(tree, SLEEPING);
        }
        if (BLOCKING.contains(name) && tree.getMethodSelect() instanceof MemberSelectTree) {
            banInProduct(tree, "." + name + "() waits: stay in the pipeline");
        }
        if (name.equals("now")) {
            checkClock(tree);
        }
        return super.visitMethodInvocation(tree, unused);
    }

    private static boolean isSleeper(Tree method) {
        String owner = method instanceof MemberSelectTree select ? lastName(select.getExpression()) : "";
        return owner.equals("Thread") || owner.equals("NANOSECONDS") || COARSE.contains(owner);
    }

    private void checkClock(MethodInvocationTree tree) {
        if (tree.getArguments().isEmpty() && tree.getMethodSelect().toString().equals("Instant.now")) {
            banInProduct(tree, "Instant.now(): take the time from an injected clock");
        }
        if (tree.getArguments().size() == 1
                && !source.fileName().equals(COMPARES_CLOCKS)
                && COARSE.contains(lastName(tree.getArguments().get(0)))) {
            banInProduct(tree, "Scheduler.now coarser than NANOSECONDS is wall clock: ask for NANOSECONDS");
        }
    }

    private static String lastName(Tree tree) {
        String text = tree.toString();
        return text.substring(text.lastIndexOf('.') + 1);
    }
}
