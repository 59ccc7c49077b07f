// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression by precedence climbing, with Python's precedences. What Python would read and conditions may not
 * use is named as such, so that a person learns that it is not a mistake of theirs.
 */
final class Parser {
    private static final Map<String, Integer> PRECEDENCE = Map.ofEntries(
            Map.entry("|", 1),
            Map.entry("^", 2),
            Map.entry("&", 3),
            Map.entry("<<", 4),
            Map.entry(">>", 4),
            Map.entry("+", 5),
            Map.entry("-", 5),
            Map.entry("*", 6),
            Map.entry("/", 6),
            Map.entry("//", 6),
            Map.entry("%", 6));
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final List<Token> tokens;
    private final Set<String> names = new LinkedHashSet<>();
    private int at;
    private int depth;

    Parser(String text) {
        if (text.length() > Limits.TEXT_CHARS) {
            throw new Trouble(Kind.LIMIT, "the expression has more than " + Limits.TEXT_CHARS + " characters", 0);
        }
        if (text.isBlank()) {
            throw Lexer.syntax("the expression is empty", 0);
        }
        tokens = Lexer.read(text);
    }

    /** The names that the expression may ask for, in the order in which they stand. */
    Set<String> names() {
        return names;
    }

    Expr whole() {
        Expr expression = maybeTuple();
        if (current().kind() != Token.Kind.END) {
            refuse();
        }
        return expression;
    }

    private Expr maybeTuple() {
        int position = current().position();
        Expr first = expression();
        return current().is(",") ? tuple(first, position) : first;
    }

    private Expr tuple(Expr first, int position) {
        List<Expr> items = new ArrayList<>(List.of(first));
        while (accept(",")) {
            if (endsList()) {
                break;
            }
            items.add(expression());
        }
        return new Expr.TupleDisplay(items, position);
    }

    private boolean endsList() {
        return current().kind() == Token.Kind.END
                || current().is(")")
                || current().is("]")
                || current().is("}");
    }

    Expr expression() {
        deeper();
        Token start = current();
        Expr then = or();
        if (accept("if")) {
            Expr test = or();
            expect("else");
            Expr otherwise = expression();
            then = new Expr.IfElse(test, then, otherwise, start.position());
        }
        depth--;
        return then;
    }

    /** Signs and calls in a row nest in each other too; this counts what the evaluation will have on its stack. */
    private void deeper() {
        if (++depth > Limits.DEPTH) {
            throw new Trouble(
                    Kind.LIMIT,
                    "the expression is nested more than " + Limits.DEPTH + " deep",
                    current().position());
        }
    }

    private Expr or() {
        int position = current().position();
        List<Expr> parts = new ArrayList<>(List.of(and()));
        while (accept("or")) {
            parts.add(and());
        }
        return parts.size() == 1 ? parts.get(0) : new Expr.Or(parts, position);
    }

    private Expr and() {
        int position = current().position();
        List<Expr> parts = new ArrayList<>(List.of(not()));
        while (accept("and")) {
            parts.add(not());
        }
        return parts.size() == 1 ? parts.get(0) : new Expr.And(parts, position);
    }

    private Expr not() {
        int position = current().position();
        if (accept("not")) {
            deeper();
            Expr operand = not();
            depth--;
            return new Expr.Unary("not", operand, position);
        }
        return comparison();
    }

    private Expr comparison() {
        int position = current().position();
        Expr first = binary(1);
        List<String> signs = new ArrayList<>();
        List<Expr> others = new ArrayList<>();
        for (String sign = comparisonSign(); sign != null; sign = comparisonSign()) {
            signs.add(sign);
            others.add(binary(1));
        }
        return signs.isEmpty() ? first : new Expr.Compare(first, signs, others, position);
    }

    private @Nullable String comparisonSign() {
        Token token = current();
        if (token.kind() == Token.Kind.SIGN && COMPARISONS.contains(token.text())) {
            at++;
            return token.text();
        }
        if (accept("in")) {
            return "in";
        }
        if (accept("is")) {
            return accept("not") ? "is not" : "is";
        }
        if (token.is("not") && tokens.get(at + 1).is("in")) {
            at += 2;
            return "not in";
        }
        return null;
    }

    private Expr binary(int least) {
        int before = depth;
        Expr left = unary();
        while (true) {
            Token sign = current();
            Integer precedence = sign.kind() == Token.Kind.SIGN ? PRECEDENCE.get(sign.text()) : null;
            if (precedence == null || precedence < least) {
                depth = before;
                return left;
            }
            at++;
            deeper();
            left = new Expr.Binary(sign.text(), left, binary(precedence + 1), sign.position());
        }
    }

    private Expr unary() {
        Token sign = current();
        if (accept("-") || accept("+") || accept("~")) {
            deeper();
            Expr operand = unary();
            depth--;
            return new Expr.Unary(sign.text(), operand, sign.position());
        }
        return power();
    }

    private Expr power() {
        Expr base = new Atoms(this).primary();
        Token sign = current();
        if (!accept("**")) {
            return base;
        }
        deeper();
        Expr exponent = unary();
        depth--;
        return new Expr.Binary("**", base, exponent, sign.position());
    }

    Token current() {
        return tokens.get(at);
    }

    Token next() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token take() {
        return tokens.get(at++);
    }

    boolean accept(String sign) {
        boolean there = current().is(sign);
        at += there ? 1 : 0;
        return there;
    }

    void expect(String sign) {
        if (!accept(sign)) {
            refuse();
        }
    }

    /** Counts one more level that the evaluation of a chain such as {@code a.b.c} will have. */
    void chained() {
        deeper();
    }

    int depth() {
        return depth;
    }

    void depth(int value) {
        depth = value;
    }

    void named(String name) {
        names.add(name);
    }

    /** Says what is wrong at the current word. */
    Trouble refusal() {
        Token token = current();
        String word = token.text();
        if (token.kind() == Token.Kind.END) {
            return Lexer.syntax("the expression ends too early", token.position());
        }
        if (Refusals.FORMS.containsKey(word)) {
            return new Trouble(Kind.FORBIDDEN, Refusals.FORMS.get(word) + " not allowed", token.position());
        }
        if (word.equals("=")) {
            return Lexer.syntax("`=` assigns; write `==` to compare", token.position());
        }
        String shown = word.isEmpty() ? "a value" : "`" + word + "`";
        return Lexer.syntax(shown + " cannot stand here", token.position());
    }

    private void refuse() {
        throw refusal();
    }
}
