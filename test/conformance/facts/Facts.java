import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nextflow.config.ast.ConfigNode;
import nextflow.config.parser.ConfigLexer;
import nextflow.script.ast.ScriptNode;
import nextflow.script.parser.ScriptLexer;
import org.antlr.v4.runtime.CharStreams;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;

/**
 * `java Facts FOLDER < paths`: what nf-lang, the compiler front of Nextflow, finds declared in each file, as JSON Lines in
 * the shape that `npm run facts` has. It knows syntax only: names are not resolved.
 */
public final class Facts {
    /** A compiler keeps every file that it has read. */
    private static final int FILES_PER_COMPILER = 200;

    public static void main(String[] args) throws IOException {
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var paths = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines().toList();
        var scripts = new nextflow.script.control.ScriptParser();
        var configs = new nextflow.config.control.ConfigParser();
        int count = 0;
        for (var path : paths) {
            if (++count % FILES_PER_COMPILER == 0) {
                scripts = new nextflow.script.control.ScriptParser();
                configs = new nextflow.config.control.ConfigParser();
            }
            out.println(Json.of(factsOf(Path.of(args[0]), path, scripts, configs)));
        }
        out.flush();
    }

    private static Map<String, Object> factsOf(Path folder, String path, nextflow.script.control.ScriptParser scripts,
            nextflow.config.control.ConfigParser configs) throws IOException {
        var text = new String(Files.readAllBytes(folder.resolve(path)), StandardCharsets.UTF_8);
        var isConfig = path.endsWith(".config");
        var facts = new LinkedHashMap<String, Object>();
        facts.put("file", path);
        facts.put("kind", isConfig ? "config" : "script");
        SourceUnit unit = null;
        try {
            unit = isConfig ? configs.parse(path, text) : scripts.parse(path, text);
        } catch (StackOverflowError | RuntimeException refused) {
            // brackets nested by the thousand
        }
        var errors = errorsOf(unit);
        facts.put("ok", errors.isEmpty());
        facts.put("errors", errors);
        if (!errors.isEmpty()) return facts;
        var stream = CharStreams.fromString(text);
        if (isConfig) ConfigFacts.into(facts, (ConfigNode) unit.getAST(), new Source(text, new ConfigLexer(stream)));
        else ScriptFacts.into(facts, (ScriptNode) unit.getAST(), new Source(text, new ScriptLexer(stream)));
        return facts;
    }

    private static List<Object> errorsOf(SourceUnit unit) {
        var errors = new ArrayList<Object>();
        if (unit == null) {
            errors.add(ScriptFacts.fact("line", 1, "column", 1, "message", "the parser gave up"));
            return errors;
        }
        var collector = unit.getErrorCollector();
        for (int i = 0; i < collector.getErrorCount(); i++) {
            if (collector.getError(i) instanceof SyntaxErrorMessage message) {
                var cause = message.getCause();
                errors.add(ScriptFacts.fact("line", cause.getLine(), "column", cause.getStartColumn(), "message", cause.getOriginalMessage()));
            } else errors.add(ScriptFacts.fact("line", 1, "column", 1, "message", String.valueOf(collector.getError(i))));
        }
        if (errors.isEmpty() && unit.getAST() == null) errors.add(ScriptFacts.fact("line", 1, "column", 1, "message", "no tree"));
        return errors;
    }
}
