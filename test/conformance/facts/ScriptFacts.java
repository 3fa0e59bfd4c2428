import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import nextflow.script.ast.ASTUtils;
import nextflow.script.ast.AssignmentExpression;
import nextflow.script.ast.FunctionNode;
import nextflow.script.ast.ProcessNode;
import nextflow.script.ast.ScriptNode;
import nextflow.script.ast.WorkflowNode;
import org.codehaus.groovy.ast.ASTNode;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.EmptyExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MapEntryExpression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.NamedArgumentListExpression;
import org.codehaus.groovy.ast.expr.PropertyExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.EmptyStatement;
import org.codehaus.groovy.ast.stmt.ExpressionStatement;
import org.codehaus.groovy.ast.stmt.Statement;

/** What a script declares, from nf-lang's tree. */
final class ScriptFacts {
    private static final Set<String> OUTPUT_OPTIONS = Set.of("emit", "topic", "optional", "arity");

    private final Source source;
    private final Set<String> declared = new HashSet<>();

    private ScriptFacts(Source source) {
        this.source = source;
    }

    static void into(Map<String, Object> facts, ScriptNode script, Source source) {
        new ScriptFacts(source).script(facts, script);
    }

    private void script(Map<String, Object> facts, ScriptNode script) {
        for (var include : script.getIncludes()) for (var module : include.modules) declared.add(module.getNameOrAlias());
        for (var process : script.getProcesses()) declared.add(process.getName());
        for (var workflow : script.getWorkflows()) if (!workflow.isEntry()) declared.add(workflow.getName());

        if (script.getShebang() != null) facts.put("shebang", script.getShebang().split("\r?\n")[0]);
        facts.put("featureFlags", script.getFeatureFlags().stream()
            .map(one -> fact("name", one.name, "valueText", source.text(one.value), "line", source.line(one))).toList());
        facts.put("includes", script.getIncludes().stream().map(one -> fact(
            "source", one.source.getValue(),
            "names", one.modules.stream().map(module -> fact("name", module.name, "alias", module.alias)).toList(),
            "line", source.line(one))).toList());
        facts.put("params", script.getParams().stream().map(one -> path(one.target)).toList());
        facts.put("processes", script.getProcesses().stream().map(this::process).toList());
        facts.put("workflows", script.getWorkflows().stream().map(this::workflow)
            .sorted(Comparator.comparingInt(one -> (int) one.get("line"))).toList());
        facts.put("functions", script.getFunctions().stream().map(this::function).toList());
        if (script.getOutputs() != null) {
            facts.put("output", script.getOutputs().declarations.stream()
                .map(one -> fact("name", one.name, "directives", statements(one.body).map(this::directive).toList())).toList());
        }
        var enums = script.getClasses().stream().filter(ClassNode::isEnum).map(ClassNode::getName).toList();
        facts.put("classes", enums.size());
        facts.put("enums", enums);
        facts.put("topLevelStatements", script.getWorkflows().stream()
            .filter(WorkflowNode::isCodeSnippet).mapToInt(one -> (int) statements(one.main).count()).sum());
    }

    private static String path(Expression target) {
        if (!(target instanceof PropertyExpression property)) return "";
        var head = path(property.getObjectExpression());
        return head.isEmpty() ? property.getPropertyAsString() : head + "." + property.getPropertyAsString();
    }

    private Map<String, Object> function(FunctionNode node) {
        return fact("name", node.getName(), "line", source.line(node), "endLine", source.endLine(node),
            "params", Stream.of(node.getParameters()).map(Parameter::getName).toList());
    }

    // ------------------------------------------------------------------------------------------------- processes

    private Map<String, Object> process(ProcessNode node) {
        var facts = fact("name", node.getName(), "line", source.line(node), "endLine", source.endLine(node));
        facts.put("directives", statements(node.directives).map(this::directive).toList());
        facts.put("inputs", statements(node.inputs).map(this::channel).toList());
        facts.put("outputs", statements(node.outputs).map(one -> {
            var output = channel(one);
            options(output, one);
            return output;
        }).toList());
        // its place covers the label: `when`, `:`
        if (!(node.when instanceof EmptyExpression)) facts.put("when", source.textBehind(node.when, 2));
        facts.put("scriptKind", node.type);
        var body = statements(node.exec).toList();
        if (body.isEmpty()) facts.put("script", null);
        else {
            var first = body.get(0);
            var last = body.get(body.size() - 1);
            facts.put("script", fact("line", source.line(first), "endLine", source.endLine(last), "text", source.text(first, last)));
        }
        facts.put("stub", !(node.stub instanceof EmptyStatement));
        return facts;
    }

    private Map<String, Object> directive(Statement statement) {
        var call = call(statement);
        if (call == null) return fact("name", "", "argsText", source.text(statement), "line", source.line(statement));
        return fact("name", call.getMethodAsString(), "argsText", source.arguments(call.getMethod(), statement), "line", source.line(statement));
    }

    private Map<String, Object> channel(Statement statement) {
        var call = call(statement);
        var name = call == null ? null : call.getMethodAsString();
        var facts = fact("qualifier", name, "text", source.text(statement), "line", source.line(statement));
        if ("tuple".equals(name) || "each".equals(name)) {
            facts.put("elements", ASTUtils.asMethodCallArguments(call).stream()
                .filter(one -> !(one instanceof NamedArgumentListExpression)).map(this::element).toList());
        }
        return facts;
    }

    private Map<String, Object> element(Expression argument) {
        var isCall = argument instanceof MethodCallExpression call && call.isImplicitThis();
        return fact("qualifier", isCall ? ((MethodCallExpression) argument).getMethodAsString() : null, "text", source.text(argument));
    }

    private void options(Map<String, Object> facts, Statement statement) {
        var call = call(statement);
        if (call == null) return;
        for (MapEntryExpression one : ASTUtils.asNamedArgs(call)) {
            var name = one.getKeyExpression().getText();
            if (OUTPUT_OPTIONS.contains(name)) facts.put(name, option(one.getValueExpression()));
        }
    }

    private Object option(Expression value) {
        if (value instanceof VariableExpression variable) return variable.getName();
        return value instanceof ConstantExpression constant ? constant.getValue() : source.text(value);
    }

    // ------------------------------------------------------------------------------------------------- workflows

    private Map<String, Object> workflow(WorkflowNode node) {
        var main = statements(node.main).toList();
        var facts = fact("name", node.isEntry() ? null : node.getName());
        if (node.isCodeSnippet()) {
            facts.put("implicit", true);
            facts.put("line", source.line(main.get(0)));
            facts.put("endLine", source.endLine(main.get(main.size() - 1)));
        } else {
            facts.put("line", source.line(node));
            facts.put("endLine", source.endLine(node));
        }
        facts.put("takes", statements(node.takes).map(ASTUtils::asVarX).map(VariableExpression::getName).toList());
        facts.put("emits", statements(node.emits).map(this::result).toList());
        facts.put("publishers", statements(node.publishers).map(this::result).toList());
        var all = new ArrayList<>(main);
        all.addAll(statements(node.emits).toList());
        all.addAll(statements(node.publishers).toList());
        Calls.into(facts, all, declared, source);
        return facts;
    }

    private Map<String, Object> result(Statement statement) {
        var expression = ((ExpressionStatement) statement).getExpression();
        if (expression instanceof VariableExpression variable)
            return fact("name", variable.getName(), "text", variable.getName(), "line", source.line(statement));
        if (expression instanceof AssignmentExpression assignment && assignment.getLeftExpression() instanceof VariableExpression target)
            return fact("name", target.getName(), "text", source.text(assignment.getRightExpression()), "line", source.line(statement));
        return fact("name", null, "text", source.text(statement), "line", source.line(statement));
    }

    // ------------------------------------------------------------------------------------------------- helpers

    /** Statements that were written: a lone `;` is one without a place. */
    private static Stream<Statement> statements(Statement block) {
        return ASTUtils.asBlockStatements(block).stream().filter(one -> one.getLineNumber() > 0);
    }

    private static MethodCallExpression call(Statement statement) {
        var expression = statement instanceof ExpressionStatement es ? es.getExpression() : null;
        return expression instanceof MethodCallExpression call && call.isImplicitThis() ? call : null;
    }

    static Map<String, Object> fact(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) map.put((String) Objects.requireNonNull(pairs[i]), pairs[i + 1]);
        return map;
    }
}
