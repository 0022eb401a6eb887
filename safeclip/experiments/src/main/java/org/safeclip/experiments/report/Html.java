package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An HTML element with attributes and content. Only this class escapes text; scripts stay as they are. Its output is valid for browsers and XML parsers.
 * Style sheets are escaped like other text, so they must not contain &lt;, &gt; or &amp;.
 */
final class Html {
    /** Elements without an end tag in HTML; all others get one, even if empty. */
    private static final Set<String> VOID = Set.of("meta", "img", "br", "hr", "input", "link");

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Object> content = new ArrayList<>();

    private Html(String name) {
        this.name = name;
    }

    static Html of(String name) {
        return new Html(name);
    }

    /** An element with text content. */
    static Html of(String name, String text) {
        return new Html(name).text(text);
    }

    /** Sets an attribute. */
    Html with(String attribute, String value) {
        attributes.put(attribute, value);
        return this;
    }

    /** Sets a numeric attribute, in drawing units. */
    Html with(String attribute, double value) {
        return with(attribute, Numbers.coordinate(value));
    }

    /** Appends elements. */
    Html add(Html... children) {
        content.addAll(List.of(children));
        return this;
    }

    /**
     * A script, or data for one. Its text is not escaped; it must not contain the ends of a script or of a CDATA section.
     *
     * @param type "" for a script, else its media type
     */
    static Html script(String type, String text) {
        if (text.contains("</") || text.contains("]]>") || text.contains("<!--")) {
            throw new IllegalArgumentException("script: its text would end it; write the characters another way");
        }
        Html script = of("script");
        if (type.isEmpty()) {
            // for browsers the section is a comment, for XML parsers it is what keeps the text unescaped
            return script.raw("/*<![CDATA[*/" + text + "/*]]>*/");
        }
        return script.with("type", type).raw(text.replace("<", "\\u003c").replace("&", "\\u0026"));
    }

    private Html raw(String markup) {
        content.add(new Raw(markup));
        return this;
    }

    private record Raw(String markup) {}

    /** Appends elements. */
    Html addAll(List<Html> children) {
        content.addAll(children);
        return this;
    }

    /** Appends text. */
    Html text(String text) {
        content.add(text.replace(" %", "\u00a0%")); // a number and its percent sign stay on one line
        return this;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.toString();
    }

    private void write(StringBuilder out) {
        out.append('<').append(name);
        attributes.forEach((key, value) ->
                out.append(' ').append(key).append("=\"").append(escape(value)).append('"'));
        if (VOID.contains(name)) {
            out.append("/>");
            return;
        }
        out.append('>');
        for (Object part : content) {
            if (part instanceof Html child) {
                child.write(out);
            } else if (part instanceof Raw raw) {
                out.append(raw.markup());
            } else {
                out.append(escape(part.toString()));
            }
        }
        out.append("</").append(name).append('>');
    }

    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return out.toString();
    }

    /** Whether XML 1.0 allows a character; others cannot even be written as references. */
    private static boolean isAllowed(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c < 0xFFFE)
                || c >= 0x10000;
    }
}
