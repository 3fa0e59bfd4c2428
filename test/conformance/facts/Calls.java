import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ElvisOperatorExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.TernaryExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.IfStatement;
import org.codehaus.groovy.ast.stmt.Statement;

/** Calls without receiver and operators, by name alone. */
final class Calls extends CodeVisitorSupport {
    private static final Set<String> OPERATORS = Set.of((
        "branch buffer chain collate collect collectFile combine concat count countFasta countFastq countJson countLines cross distinct dump "
        + "filter first flatMap flatten groupTuple ifEmpty join last map max mean merge min mix multiMap randomSample reduce set splitCsv "
        + "splitFasta splitFastq splitJson splitText subscribe sum take tap toDouble toFloat toInteger toList toLong toSortedList transpose "
        + "unique until view").split(" "));

    /** Where in a pipe an expression stands: what it starts with, or right of a `|`. There bare names are calls. */
    private enum InPipe { NO, HEAD, BEHIND }

    private final Source source;
    private final Set<String> declared;
    private final List<Map<String, Object>> calls = new ArrayList<>();
    private final List<Map<String, Object>> operators = new ArrayList<>();
    private int ifCount;
    private InPipe pipe = InPipe.NO;

    private Calls(Source source, Set<String> declared) {
        this.source = source;
        this.declared = declared;
    }

    static void into(Map<String, Object> facts, List<Statement> statements, Set<String> declared, Source source) {
        var visitor = new Calls(source, declared);
        for (var statement : statements) statement.visit(visitor);
        Comparator<Map<String, Object>> byPlace = Comparator.<Map<String, Object>>comparingInt(one -> (int) one.get("line"))
            .thenComparingInt(one -> (int) one.get("column"));
        visitor.calls.sort(byPlace);
        visitor.operators.sort(byPlace);
        facts.put("calls", visitor.calls);
        facts.put("operators", visitor.operators);
        facts.put("ifCount", visitor.ifCount);
    }

    private boolean isCallable(String name) {
        return declared.contains(name) || (!name.isEmpty() && Character.isUpperCase(name.codePointAt(0)));
    }

    private void call(String name, String argsText, ASTNode at) {
        var fact = new LinkedHashMap<String, Object>();
        fact.put("name", name);
        fact.put("argsText", argsText);
        fact.put("line", source.line(at));
        fact.put("column", source.column(at));
        calls.add(fact);
    }

    private void operator(String name, ASTNode at) {
        var fact = new LinkedHashMap<String, Object>();
        fact.put("name", name);
        fact.put("line", source.line(at));
        fact.put("column", source.column(at));
        operators.add(fact);
    }

    /** Only what a pipe is made of hands its place on: in `ALIGN.out | view` there is no bare name. */
    private void visit(Expression expression, InPipe role) {
        var before = pipe;
        var isPart = expression instanceof VariableExpression || expression instanceof MethodCallExpression
            || expression instanceof BinaryExpression || expression instanceof TernaryExpression;
        pipe = isPart ? role : InPipe.NO;
        expression.visit(this);
        pipe = before;
    }

    @Override
    public void visitBinaryExpression(BinaryExpression node) {
        var operation = node.getOperation().getText();
        var role = operation.equals("&") ? pipe : InPipe.NO;
        visit(node.getLeftExpression(), operation.equals("|") ? InPipe.HEAD : role);
        visit(node.getRightExpression(), operation.equals("|") ? InPipe.BEHIND : role);
    }

    @Override
    public void visitTernaryExpression(TernaryExpression node) {
        visit(node.getBooleanExpression(), InPipe.NO);
        visit(node.getTrueExpression(), pipe);
        visit(node.getFalseExpression(), pipe);
    }

    @Override
    public void visitShortTernaryExpression(ElvisOperatorExpression node) {
        visit(node.getTrueExpression(), InPipe.NO);
        visit(node.getFalseExpression(), InPipe.NO);
    }

    @Override
    public void visitVariableExpression(VariableExpression node) {
        var name = node.getName();
        if (pipe == InPipe.NO || node.getLineNumber() < 1) return;
        if (declared.contains(name) || (pipe == InPipe.BEHIND && isCallable(name))) call(name, "", node);
        else if (pipe == InPipe.BEHIND && OPERATORS.contains(name)) operator(name, node);
    }

    @Override
    public void visitMethodCallExpression(MethodCallExpression node) {
        var name = node.getMethodAsString();
        if (name != null) {
            if (node.isImplicitThis() && isCallable(name)) call(name, source.arguments(node.getMethod(), node), node.getMethod());
            if ((!node.isImplicitThis() || pipe == InPipe.BEHIND) && OPERATORS.contains(name)) operator(name, node.getMethod());
        }
        var before = pipe;
        pipe = InPipe.NO;
        super.visitMethodCallExpression(node);
        pipe = before;
    }

    @Override
    public void visitClosureExpression(ClosureExpression node) {
        var before = pipe;
        pipe = InPipe.NO;
        if (node.getParameters() != null)
            for (Parameter one : node.getParameters()) if (one.hasInitialExpression()) one.getInitialExpression().visit(this);
        super.visitClosureExpression(node);
        pipe = before;
    }

    @Override
    public void visitIfElse(IfStatement node) {
        ifCount++;
        super.visitIfElse(node);
    }
}
