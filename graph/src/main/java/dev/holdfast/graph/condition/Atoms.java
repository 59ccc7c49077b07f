// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of an expression that bind tightest: literals, names, brackets, and what follows them. */
final class Atoms {
    private final Parser parser;

    Atoms(Parser parser) {
        this.parser = parser;
    }

    Expr primary() {
        int before = parser.depth();
        Token start = parser.current();
        Expr primary = start.kind() == Token.Kind.NAME && parser.next().is("(") ? call(parser.take()) : atom();
        while (true) {
            Token sign = parser.current();
            if (parser.accept(".")) {
                primary = member(primary);
            } else if (parser.accept("[")) {
                primary = new Expr.Index(primary, index(), sign.position());
            } else if (sign.is("(")) {
                throw new Trouble(Kind.FORBIDDEN, "only functions and methods by name can be called", sign.position());
            } else {
                parser.depth(before);
                return primary;
            }
            parser.chained();
        }
    }

    private Expr atom() {
        Token token = parser.current();
        switch (token.kind()) {
            case NUMBER:
                return new Expr.Literal(parser.take().value(), token.position());
            case STRING:
                return strings();
            case NAME:
                parser.named(parser.take().text());
                return new Expr.Name(token.text(), token.position());
            case KEYWORD:
                return word(token);
            default:
                return bracket(token);
        }
    }

    /** Literals side by side are one. */
    private Expr strings() {
        int position = parser.current().position();
        StringBuilder joined = new StringBuilder();
        while (parser.current().kind() == Token.Kind.STRING) {
            joined.append(parser.take().value());
        }
        return new Expr.Literal(joined.toString(), position);
    }

    private Expr word(Token token) {
        if (parser.accept("True")) {
            return new Expr.Literal(true, token.position());
        }
        if (parser.accept("False")) {
            return new Expr.Literal(false, token.position());
        }
        if (parser.accept("None")) {
            return new Expr.Literal(null, token.position());
        }
        throw parser.refusal();
    }

    private Expr bracket(Token token) {
        if (parser.accept("(")) {
            return round(token);
        }
        if (parser.accept("[")) {
            List<Expr> items = items("]");
            return new Expr.ListDisplay(items, token.position());
        }
        if (parser.accept("{")) {
            return curly(token);
        }
        throw parser.refusal();
    }

    private Expr round(Token open) {
        if (parser.accept(")")) {
            return new Expr.TupleDisplay(List.of(), open.position());
        }
        Expr first = parser.expression();
        if (parser.accept(")")) {
            return first;
        }
        if (!parser.current().is(",")) {
            throw parser.refusal();
        }
        List<Expr> all = new ArrayList<>(List.of(first));
        parser.expect(",");
        all.addAll(items(")"));
        return new Expr.TupleDisplay(all, open.position());
    }

    private List<Expr> items(String close) {
        List<Expr> items = new ArrayList<>();
        while (!parser.accept(close)) {
            checkNoStar();
            items.add(parser.expression());
            if (!parser.accept(",")) {
                parser.expect(close);
                break;
            }
        }
        return items;
    }

    private Expr curly(Token open) {
        List<Expr> keys = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!parser.accept("}")) {
            checkNoStar();
            keys.add(parser.expression());
            if (keys.size() == 1
                    && (parser.current().is(",") || parser.current().is("}"))) {
                throw new Trouble(Kind.FORBIDDEN, "sets in braces are not allowed; write a list", open.position());
            }
            parser.expect(":");
            values.add(parser.expression());
            if (!parser.accept(",")) {
                parser.expect("}");
                break;
            }
        }
        return new Expr.DictDisplay(keys, values, open.position());
    }

    private void checkNoStar() {
        if (parser.current().is("*") || parser.current().is("**")) {
            throw new Trouble(
                    Kind.FORBIDDEN,
                    "unpacking with stars is not allowed",
                    parser.current().position());
        }
    }

    private Expr index() {
        checkNoSlice();
        Token start = parser.current();
        Expr index = parser.expression();
        checkNoSlice();
        if (parser.accept(",")) {
            List<Expr> all = new ArrayList<>(List.of(index));
            all.addAll(items("]"));
            return new Expr.TupleDisplay(all, start.position());
        }
        parser.expect("]");
        return index;
    }

    private void checkNoSlice() {
        if (parser.current().is(":")) {
            throw new Trouble(
                    Kind.FORBIDDEN, "slices are not allowed", parser.current().position());
        }
    }

    private Expr member(Expr owner) {
        Token name = parser.current();
        if (name.kind() != Token.Kind.NAME) {
            throw parser.refusal();
        }
        parser.take();
        if (name.text().startsWith("_")) {
            throw new Trouble(Kind.FORBIDDEN, "names that begin with _ are not allowed", name.position());
        }
        if (!parser.current().is("(")) {
            return new Expr.Attribute(owner, name.text(), name.position());
        }
        if (!Methods.NAMES.contains(name.text())) {
            throw new Trouble(
                    Kind.FORBIDDEN, "method " + Texts.quote(name.text()) + " is not allowed", name.position());
        }
        Map<String, Expr> named = new LinkedHashMap<>();
        List<Expr> arguments = arguments(named);
        return new Expr.MethodCall(owner, name.text(), arguments, named, name.position());
    }

    private Expr call(Token name) {
        if (!Functions.NAMES.contains(name.text())) {
            throw new Trouble(
                    Kind.FORBIDDEN, "function " + Texts.quote(name.text()) + " is not allowed", name.position());
        }
        Map<String, Expr> named = new LinkedHashMap<>();
        List<Expr> arguments = arguments(named);
        return new Expr.Call(name.text(), arguments, named, name.position());
    }

    private List<Expr> arguments(Map<String, Expr> named) {
        List<Expr> arguments = new ArrayList<>();
        parser.expect("(");
        while (!parser.accept(")")) {
            checkNoStar();
            Token name = parser.current();
            if (name.kind() == Token.Kind.NAME && parser.next().is("=")) {
                parser.take();
                parser.expect("=");
                if (named.put(name.text(), parser.expression()) != null) {
                    throw Lexer.syntax("an argument is named twice", name.position());
                }
            } else if (!named.isEmpty()) {
                throw Lexer.syntax("an argument without a name follows one with a name", name.position());
            } else {
                arguments.add(parser.expression());
            }
            if (!parser.accept(",")) {
                parser.expect(")");
                break;
            }
        }
        return arguments;
    }
}
