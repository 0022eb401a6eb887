package org.safeclip.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict reader of JSON (RFC 8259), enough for the golden files: objects as maps, arrays as lists, numbers as
 * doubles, null as {@link #NULL}.
 */
final class GoldenJson {
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private final String text;
    private int at;

    private GoldenJson(String text) {
        this.text = text;
    }

    static Object parse(String text) {
        GoldenJson json = new GoldenJson(text);
        Object value = json.value();
        json.space();
        if (json.at != text.length()) {
            throw json.wrong("the end");
        }
        return value;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("JSON: expected " + expected + " at character " + at);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        space();
        if (at == text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void take(String expected) {
        space();
        if (!text.startsWith(expected, at)) {
            throw wrong(expected);
        }
        at += expected.length();
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", NULL);
            default -> number();
        };
    }

    private Object word(String word, Object value) {
        take(word);
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        take("{");
        if (peek() != '}') {
            do {
                peek();
                String key = string();
                take(":");
                if (object.put(key, value()) != null) {
                    throw wrong("no second '" + key + "'");
                }
            } while (more());
        }
        take("}");
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        take("[");
        if (peek() != ']') {
            do {
                array.add(value());
            } while (more());
        }
        take("]");
        return array;
    }

    private boolean more() {
        boolean more = peek() == ',';
        at += more ? 1 : 0;
        return more;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        take("\"");
        while (true) {
            char c = at < text.length() ? text.charAt(at++) : 0;
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                throw wrong("the end of a string");
            }
            string.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text, at - 4, at, 16);
            }
            default -> throw wrong("an escape");
        };
    }

    private Double number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(from, at);
        if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
            throw wrong("a value");
        }
        return Double.valueOf(number);
    }
}
