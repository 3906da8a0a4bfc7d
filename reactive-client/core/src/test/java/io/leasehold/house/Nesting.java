package io.leasehold.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** How deep branches, loops, switches and tries stand inside each other; {@code else if} stays on its level. */
final class Nesting extends TreeScanner<Void, Void> {

    static final int LIMIT = 3;

    private final JavaSource source;
    private final List<Violation> violations = new ArrayList<>();
    private int depth;

    private Nesting(JavaSource source) {
        this.source = source;
    }

    static List<Violation> check(JavaSource source) {
        Nesting nesting = new Nesting(source);
        nesting.scan(source.unit(), null);
        return nesting.violations;
    }

    private Void deeper(Tree tree, Supplier<Void> inside) {
        depth++;
        // Only the first step too deep is told: what stands inside goes with it.
        if (depth == LIMIT + 1) {
            String what = "nesting is %d deep, limit %d: return early or name the inner part";
            violations.add(source.violation(tree, what.formatted(depth, LIMIT)));
        }
        inside.get();
        depth--;
        return null;
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
        int outer = depth;
        depth = 0;
        super.visitClass(tree, unused);
        depth = outer;
        return null;
    }

    @Override
    public Void visitIf(IfTree tree, Void unused) {
        scan(tree.getCondition(), unused);
        deeper(tree, () -> scan(tree.getThenStatement(), unused));
        if (tree.getElseStatement() instanceof IfTree elseIf) {
            return scan(elseIf, unused);
        }
        return tree.getElseStatement() == null ? null : deeper(tree, () -> scan(tree.getElseStatement(), unused));
    }

    @Override
    public Void visitForLoop(ForLoopTree tree, Void unused) {
        return deeper(tree, () -> super.visitForLoop(tree, unused));
    }

    @Override
    public Void visitEnhancedForLoop(EnhancedForLoopTree tree, Void unused) {
        return deeper(tree, () -> super.visitEnhancedForLoop(tree, unused));
    }

    @Override
    public Void visitWhileLoop(WhileLoopTree tree, Void unused) {
        return deeper(tree, () -> super.visitWhileLoop(tree, unused));
    }

    @Override
    public Void visitDoWhileLoop(DoWhileLoopTree tree, Void unused) {
        return deeper(tree, () -> super.visitDoWhileLoop(tree, unused));
    }

    @Override
    public Void visitSwitch(SwitchTree tree, Void unused) {
        return deeper(tree, () -> super.visitSwitch(tree, unused));
    }

    @Override
    public Void visitSwitchExpression(SwitchExpressionTree tree, Void unused) {
        return deeper(tree, () -> super.visitSwitchExpression(tree, unused));
    }

    @Override
    public Void visitTry(TryTree tree, Void unused) {
        return deeper(tree, () -> super.visitTry(tree, unused));
    }
}
