// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import dev.holdfast.graph.condition.ConditionProblem.Kind;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts the text of an expression into words, as Python's tokenizer does within one logical line. */
final class Lexer {
    private static final Set<String> KEYWORDS = Set.of(
            "False",
            "None",
            "True",
            "and",
            "as",
            "assert",
            "async",
            "await",
            "break",
            "class",
            "continue",
            "def",
            "del",
            "elif",
            "else",
            "except",
            "finally",
            "for",
            "from",
            "global",
            "if",
            "import",
            "in",
            "is",
            "lambda",
            "nonlocal",
            "not",
            "or",
            "pass",
            "raise",
            "return",
            "try",
            "while",
            "with",
            "yield");
    private static final List<String> SIGNS = List.of(
            "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", ":=", "+", "-", "*", "/", "%", "@", "&", "|", "^",
            "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int brackets;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> read(String text) {
        Lexer lexer = new Lexer(text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (skipBlanks()) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                string("");
            } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
                number();
            } else if (Character.isUnicodeIdentifierStart(text.codePointAt(at)) || c == '_') {
                word();
            } else {
                sign();
            }
        }
        tokens.add(new Token(Token.Kind.END, "", null, text.length()));
    }

    /** False at the end of the text. A newline ends the expression unless a bracket is open. */
    private boolean skipBlanks() {
        boolean ended = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (c == '\n' || c == '\r') {
                ended |= brackets == 0 && !tokens.isEmpty();
                at++;
            } else if (c == '\\' && peek(1) == '\n' && at + 2 < text.length()) {
                at += 2;
            } else if (c == ' ' || c == '\t' || c == '\f') {
                at++;
            } else if (ended) {
                throw syntax("a line ends before the expression does; put brackets around it", at);
            } else {
                return true;
            }
        }
        return false;
    }

    private void word() {
        int start = at;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (!Character.isUnicodeIdentifierPart(point) || Character.isIdentifierIgnorable(point)) {
                break;
            }
            at += Character.charCount(point);
        }
        String word = text.substring(start, at);
        char next = peek(0);
        if ((next == '"' || next == '\'') && word.length() <= 2 && isPrefix(word)) {
            at = start;
            string(word);
            return;
        }
        String name = Normalizer.normalize(word, Normalizer.Form.NFKC);
        Token.Kind kind = KEYWORDS.contains(name) ? Token.Kind.KEYWORD : Token.Kind.NAME;
        tokens.add(new Token(kind, name, null, start));
    }

    private static boolean isPrefix(String word) {
        return Set.of("r", "u", "b", "f", "br", "rb", "fr", "rf").contains(word.toLowerCase(Locale.ROOT));
    }

    private void string(String prefix) {
        int start = at;
        String kind = prefix.toLowerCase(Locale.ROOT);
        if (kind.contains("b")) {
            throw new Trouble(Kind.FORBIDDEN, "bytes are not allowed", start);
        }
        if (kind.contains("f")) {
            throw new Trouble(Kind.FORBIDDEN, "f-strings are not allowed", start);
        }
        StringReader reader = new StringReader(text, at + prefix.length(), kind.contains("r"));
        tokens.add(new Token(Token.Kind.STRING, "", reader.value(), start));
        at = reader.end();
    }

    private void number() {
        NumberReader reader = new NumberReader(text, at);
        tokens.add(new Token(Token.Kind.NUMBER, "", reader.value(), at));
        at = reader.end();
    }

    private void sign() {
        if (text.startsWith("&&", at) || text.startsWith("||", at)) {
            throw syntax(text.charAt(at) == '&' ? "write `and` instead of `&&`" : "write `or` instead of `||`", at);
        }
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                if ("([{".contains(sign)) {
                    brackets++;
                } else if (")]}".contains(sign) && brackets > 0) {
                    brackets--;
                }
                tokens.add(new Token(Token.Kind.SIGN, sign, null, at));
                at += sign.length();
                return;
            }
        }
        throw syntax(
                "unexpected character " + Texts.quote(Character.toString(text.codePointAt(at)))
                        + (text.charAt(at) == '!' ? "; write `not` or `!=`" : "")
                        + (text.charAt(at) == '$' ? "; a key is written as its bare name" : ""),
                at);
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static Trouble syntax(String message, int position) {
        return new Trouble(Kind.SYNTAX, message, position);
    }
}
