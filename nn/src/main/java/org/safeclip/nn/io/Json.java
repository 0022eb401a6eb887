package org.safeclip.nn.io;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict JSON reader (RFC 8259) for headers that may come from anywhere: no duplicate names, bounded depth, numbers and
 * number of values. Objects become maps in file order, arrays lists, numbers {@link BigDecimal} and
 * {@code null} becomes {@link #NULL}.
 */
final class Json {
    /** What stands for {@code null}. */
    static final Object NULL = new Object();

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NAME_LENGTH = 1000;
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_VALUES = 500_000; // some 60,000 tensors; each value takes up to 200 bytes

    private final String text;
    private int at;
    private int values;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Reads the one value that the text consists of; throws {@link CheckpointException} with the place of a mistake.
     */
    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.mistake("nothing more");
        }
        return value;
    }

    /** The text as a JSON string, with its quotes. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                String hex = Integer.toHexString(c);
                out.append("\\u").repeat('0', 4 - hex.length()).append(hex);
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw mistake("at most " + MAX_DEPTH + " levels");
        }
        if (++values > MAX_VALUES) {
            throw mistake("at most " + MAX_VALUES + " values");
        }
        skipSpace();
        char c = at < text.length() ? text.charAt(at) : 0;
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", NULL);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        if (taken('}')) {
            return members;
        }
        do {
            skipSpace();
            String name = string();
            if (name.length() > MAX_NAME_LENGTH) {
                throw mistake("a name of at most " + MAX_NAME_LENGTH + " characters");
            }
            expect(':');
            if (members.put(name, value(depth + 1)) != null) {
                throw mistake("each name once, but '" + name + "' is there twice");
            }
        } while (taken(','));
        expect('}');
        return members;
    }

    private List<Object> array(int depth) {
        List<Object> items = new ArrayList<>();
        at++;
        if (taken(']')) {
            return items;
        }
        do {
            items.add(value(depth + 1));
        } while (taken(','));
        expect(']');
        return items;
    }

    private String string() {
        if (at >= text.length() || text.charAt(at) != '"') {
            throw mistake("a string");
        }
        at++;
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw mistake("no raw control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
        throw mistake("the end of a string");
    }

    private char escape() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw mistake("an escape such as \\n");
        };
    }

    private char hex() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = at < text.length() ? text.charAt(at++) : 0;
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw mistake("four hexadecimal digits");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, at)) {
            throw mistake("a value");
        }
        at += word.length();
        return meaning;
    }

    private BigDecimal number() {
        int start = at;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        boolean leadingZero = at < text.length() && text.charAt(at) == '0';
        int whole = digits();
        if (whole == 0 || (leadingZero && whole > 1)) {
            at = start;
            throw mistake("a value");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            if (digits() == 0) {
                throw mistake("digits after the point");
            }
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int length = digits();
            if (length == 0 || length > 4) {
                throw mistake("an exponent of one to four digits");
            }
        }
        if (at - start > MAX_NUMBER_LENGTH) {
            throw mistake("a number of at most " + MAX_NUMBER_LENGTH + " characters");
        }
        return new BigDecimal(text.substring(start, at));
    }

    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - start;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean taken(char c) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!taken(c)) {
            throw mistake("'" + c + "'");
        }
    }

    private CheckpointException mistake(String expected) {
        return new CheckpointException("not valid JSON at character " + at + ": expected " + expected);
    }
}
