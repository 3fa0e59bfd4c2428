import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nextflow.config.ast.ConfigApplyBlockNode;
import nextflow.config.ast.ConfigAssignNode;
import nextflow.config.ast.ConfigBlockNode;
import nextflow.config.ast.ConfigIncludeNode;
import nextflow.config.ast.ConfigNode;
import nextflow.config.ast.ConfigStatement;
import nextflow.script.ast.ASTUtils;
import org.codehaus.groovy.ast.expr.ConstantExpression;

/** What a config declares, from nf-lang's tree. */
final class ConfigFacts {
    private final Source source;
    private final List<Object> assignments = new ArrayList<>();
    private final List<Object> includes = new ArrayList<>();
    private final List<Object> plugins = new ArrayList<>();
    private final List<Object> applied = new ArrayList<>();

    private ConfigFacts(Source source) {
        this.source = source;
    }

    static void into(Map<String, Object> facts, ConfigNode config, Source source) {
        var all = new ConfigFacts(source);
        for (var statement : config.getConfigStatements()) all.statement(statement, "");
        facts.put("assignments", all.assignments);
        facts.put("includes", all.includes);
        facts.put("plugins", all.plugins);
        if (!all.applied.isEmpty()) facts.put("applied", all.applied);
    }

    private void statement(ConfigStatement statement, String block) {
        if (statement instanceof ConfigAssignNode node) {
            assignments.add(ScriptFacts.fact("path", joined(block, String.join(".", node.names)), "valueText", source.text(node.value),
                "line", source.line(node)));
        } else if (statement instanceof ConfigIncludeNode node) {
            includes.add(ScriptFacts.fact("sourceText", source.text(node.source), "line", source.line(node), "block", block));
        } else if (statement instanceof ConfigBlockNode node) {
            var name = node.kind == null ? node.name : node.kind + ":" + node.name;
            for (var one : node.statements) statement(one, joined(block, name));
        } else if (statement instanceof ConfigApplyBlockNode node) {
            for (var one : node.statements) {
                var path = joined(joined(block, node.name), one.getMethodAsString());
                var given = ASTUtils.asMethodCallArguments(one);
                if (path.equals("plugins.id") && given.size() == 1 && given.get(0) instanceof ConstantExpression id
                    && id.getValue() instanceof String) plugins.add(id.getValue());
                else applied.add(ScriptFacts.fact("path", path, "argsText", source.arguments(one.getMethod(), one), "line", source.line(one)));
            }
        }
    }

    private static String joined(String block, String name) {
        return block.isEmpty() ? name : block + "." + name;
    }
}
