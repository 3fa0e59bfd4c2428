import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;
import org.codehaus.groovy.ast.ASTNode;

/**
 * A file's text by the places that nodes report. These are not to be trusted at the end: a node may end behind newlines, and
 * a token's end is its start in code points and its length in UTF-16. So ends are looked up among the tokens.
 */
final class Source {
    private static final Set<String> OPENING = Set.of("(", "[", "{", "${");
    private static final Set<String> CLOSING = Set.of(")", "]", "}");

    private final String text;
    private final int[] lineStarts;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private final Map<Long, List<Integer>> byReportedEnd = new HashMap<>();

    Source(String text, Lexer lexer) {
        this.text = text;
        var starts = new ArrayList<Integer>(List.of(0));
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.add(at + 1);
        lineStarts = starts.stream().mapToInt(Integer::intValue).toArray();
        lexer.removeErrorListeners();
        for (var token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            if (token.getChannel() != 0 || "NL".equals(lexer.getVocabulary().getSymbolicName(token.getType()))) continue;
            byReportedEnd.computeIfAbsent(reportedEnd(token), place -> new ArrayList<>()).add(tokens.size());
            ends.add(offset(token.getLine(), token.getCharPositionInLine() + 1) + token.getText().length());
            tokens.add(token);
        }
    }

    int line(ASTNode node) {
        return node.getLineNumber();
    }

    int column(ASTNode node) {
        return node.getColumnNumber();
    }

    int endLine(ASTNode node) {
        var token = tokens.get(lastToken(node));
        return token.getLine() + (int) token.getText().chars().filter(c -> c == '\n').count();
    }

    String text(ASTNode node) {
        return text(node, node);
    }

    /** From the first token of one node to the last of another. */
    String text(ASTNode first, ASTNode last) {
        return between(firstToken(first), lastToken(last));
    }

    /** The text of a node without so many of its first tokens. */
    String textBehind(ASTNode node, int count) {
        return between(firstToken(node) + count, lastToken(node));
    }

    /** What stands behind a callee's name up to the end of the call: without the parentheses when they hold all of it. */
    String arguments(ASTNode name, ASTNode call) {
        int first = lastToken(name) + 1;
        int last = lastToken(call);
        if (first <= last && is(first, "(") && closing(first, last) == last) {
            first++;
            last--;
            if (first <= last && is(last, ",")) last--;
        }
        return between(first, last);
    }

    private String between(int first, int last) {
        return first > last ? "" : text.substring(start(first), ends.get(last));
    }

    private boolean is(int index, String symbol) {
        return tokens.get(index).getText().equals(symbol);
    }

    private int closing(int open, int last) {
        int depth = 0;
        for (int i = open; i <= last; i++) {
            if (is(i, "(")) depth++;
            else if (is(i, ")") && --depth == 0) return i;
        }
        return -1;
    }

    private boolean isBalanced(int first, int last) {
        int depth = 0;
        for (int i = first; i <= last && depth >= 0; i++) {
            if (OPENING.contains(tokens.get(i).getText())) depth++;
            else if (CLOSING.contains(tokens.get(i).getText())) depth--;
        }
        return depth == 0;
    }

    private int start(int index) {
        return offset(tokens.get(index).getLine(), tokens.get(index).getCharPositionInLine() + 1);
    }

    private int offset(int line, int column) {
        if (line > lineStarts.length) return text.length();
        int start = lineStarts[line - 1];
        int most = text.codePointCount(start, text.length());
        return text.offsetByCodePoints(start, Math.min(column - 1, most));
    }

    private int firstToken(ASTNode node) {
        int at = offset(node.getLineNumber(), node.getColumnNumber());
        int low = 0;
        int high = tokens.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (start(middle) < at) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private int lastToken(ASTNode node) {
        var exact = byReportedEnd.get(place(node.getLastLineNumber(), node.getLastColumnNumber()));
        if (exact != null) {
            // several in a line where a code point takes two units: the one that leaves no bracket open
            for (int token : exact) if (exact.size() > 1 && isBalanced(firstToken(node), token)) return token;
            return exact.get(0);
        }
        int at = offset(node.getLastLineNumber(), node.getLastColumnNumber());
        int low = 0;
        int high = tokens.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends.get(middle) <= at) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    /** As `PositionConfigureUtils.endPosition` of nf-lang computes it. */
    private static long reportedEnd(Token token) {
        var text = token.getText();
        int lines = (int) text.chars().filter(c -> c == '\n').count();
        return lines == 0
            ? place(token.getLine(), token.getCharPositionInLine() + 1 + text.length())
            : place(token.getLine() + lines, text.length() - text.lastIndexOf('\n'));
    }

    private static long place(int line, int column) {
        return ((long) line << 32) | column;
    }
}
