package org.safeclip.experiments.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.safeclip.experiments.run.AtomicFile;

/**
 * The HTML report of a run: one self-contained file without network access. Charts are drawn here as SVG; a small script plays
 * the mixture over the epochs, and everything can be read without it.
 */
public final class Report {
    /** Nothing may be loaded from anywhere. */
    private static final String SELF_CONTAINED =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    private Report() {}

    /** Writes the report. */
    public static void write(Path file, ReportData data) throws IOException {
        AtomicFile.write(file, page(data));
    }

    /** The page as a file. */
    public static String page(ReportData data) {
        return page(data, SELF_CONTAINED, List.of(), List.of(resource("player.js")));
    }

    /**
     * The page of a run that is still going on, for a server that sends the events {@code progress}, {@code changed} and
     * {@code finished} and answers {@code main} with {@link #main}.
     */
    public static String livePage(ReportData data) {
        Html live = Html.of("div")
                .with("class", "live")
                .with("role", "status")
                .add(
                        Html.of("p", "Waiting for the first step."),
                        Html.of("progress").with("max", "1").with("value", "0").with("aria-label", "progress"));
        return page(
                data,
                SELF_CONTAINED + "; connect-src 'self'",
                List.of(live),
                List.of(resource("player.js"), resource("live.js")));
    }

    /** The content of the element {@code main}. */
    public static String main(ReportData data) {
        StringBuilder out = new StringBuilder();
        content(data).forEach(out::append);
        return out.toString();
    }

    /** A page in the style of the report, without scripts. */
    static String sheet(String title, List<Html> content) {
        Html body = Html.of("body").add(Html.of("main").addAll(content));
        return "<!DOCTYPE html>\n" + Html.of("html").with("lang", "en").add(head(title, SELF_CONTAINED), body) + "\n";
    }

    private static Html head(String title, String security) {
        return Html.of("head")
                .add(
                        Html.of("meta").with("charset", "utf-8"),
                        Html.of("meta")
                                .with("http-equiv", "Content-Security-Policy")
                                .with("content", security),
                        Html.of("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
                        Html.of("title", title),
                        Html.of("link").with("rel", "icon").with("href", "data:,"),
                        Html.of("style", resource("report.css")));
    }

    private static String page(ReportData data, String security, List<Html> above, List<String> scripts) {
        Html body = Html.of("body")
                .add(
                        Html.of("a", "Skip to the result").with("class", "skip").with("href", "#result"),
                        Html.of("header")
                                .add(
                                        Html.of("p", "SafeCLIP").with("class", "brand"),
                                        Html.of("p", subject(data)).with("class", "subject"))
                                .addAll(above),
                        Html.of("main").addAll(content(data)),
                        AboutSection.footer());
        scripts.forEach(script -> body.add(Html.script("", script)));
        Html html =
                Html.of("html").with("lang", "en").with("class", "no-script").add(head(title(data), security), body);
        return "<!DOCTYPE html>\n" + html + "\n";
    }

    private static List<Html> content(ReportData data) {
        List<MethodEvents> methods = MethodEvents.of(data.events());
        List<Section> sections = new ArrayList<>();
        sections.addAll(AttackSection.of(data));
        sections.addAll(MixtureSection.of(data, methods));
        sections.addAll(new SplitSection(data, methods).sections());
        sections.addAll(TrainingSection.of(methods));
        sections.addAll(TrustSection.of(data));
        sections.addAll(MapSection.of(data));
        sections.addAll(TimeSection.of(methods));
        sections.addAll(TablesSection.of(data, methods));
        List<Html> content = new ArrayList<>();
        content.add(HeroSection.html(data, methods));
        if (!sections.isEmpty()) {
            content.add(Section.contents(sections));
        }
        sections.forEach(section -> content.add(section.html()));
        content.add(AboutSection.howToRead());
        return content;
    }

    private static String title(ReportData data) {
        return "SafeCLIP: " + subject(data);
    }

    private static String subject(ReportData data) {
        String attack = data.subject().attack();
        return (attack.equals("none") ? "no attack" : attack + " attack") + " · "
                + Numbers.count(data.subject().pairs(), "pair") + " · seed "
                + data.subject().seed();
    }

    private static String resource(String name) {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the file " + name + " is missing from this build; rebuild the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " of the report", e);
        }
    }
}
