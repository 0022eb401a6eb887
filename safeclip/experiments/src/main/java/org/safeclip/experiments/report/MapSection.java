package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.safeclip.experiments.report.ReportData.Choices;
import org.safeclip.experiments.report.ReportData.EmbeddingMap;
import org.safeclip.experiments.run.MethodCatalogue;

/** Where the models put the images: which class each attacked image is nearer to, and maps of the embeddings. */
final class MapSection {
    private static final double SIDE = 320;
    private static final double MARGIN = 12;

    private MapSection() {}

    static List<Section> of(ReportData data) {
        List<Html> content = new ArrayList<>();
        if (!data.choices().isEmpty()) {
            content.add(Html.of("h3", "Truth or lie"));
            content.add(Html.of(
                    "p",
                    "Each mark is an attacked image: to the right if the model finds it similar to what it shows, upwards if"
                            + " similar to what the attacker wants. Above the dashed line, the lie is nearer than the truth; the"
                            + " model is fooled where it is the nearest of all classes."));
            content.add(Html.of("ul")
                    .with("class", "key")
                    .add(MixtureSection.key("hit", "fooled"), MixtureSection.key("missed", "not fooled")));
            Html row = Html.of("div").with("class", "maps");
            Axis[] axes = axes(data.choices());
            data.choices().forEach(choices -> row.add(choices(choices, axes[0], axes[1])));
            content.add(row);
        }
        if (!data.maps().isEmpty()) {
            String wanted = data.maps().getFirst().wanted();
            content.add(Html.of("h3", "A map of the images"));
            content.add(Html.of(
                    "p",
                    "Every dot is a picture; pictures that the model finds alike lie close together. The plane is that of"
                            + " the two largest principal components, so distances are only a hint."));
            content.add(Html.of("ul")
                    .with("class", "key")
                    .add(
                            MixtureSection.key("of-wanted", "images of “" + wanted + "”, which the attacker wants"),
                            MixtureSection.key("hit", "attacked images"),
                            MixtureSection.key("others", "other images")));
            content.add(Html.of("div")
                    .with("class", "maps")
                    .addAll(data.maps().stream().map(MapSection::map).toList()));
        }
        return content.isEmpty()
                ? List.of()
                : List.of(new Section(
                        "Where the pictures land",
                        "A fooled model moves the attacked pictures to where the lie is; a defended one leaves them alone.",
                        content));
    }

    private static Axis[] axes(List<Choices> all) {
        double[] values = all.stream()
                .flatMapToDouble(choices ->
                        DoubleStream.concat(DoubleStream.of(choices.truth()), DoubleStream.of(choices.wanted())))
                .toArray();
        double low = DoubleStream.of(values).min().orElse(0);
        double high = DoubleStream.of(values).max().orElse(1);
        double margin = 0.05 * (high - low);
        return new Axis[] {
            new Axis(low - margin, high + margin, 44, SIDE - 8), new Axis(low - margin, high + margin, SIDE - 48, 30)
        };
    }

    private static Html choices(Choices choices, Axis x, Axis y) {
        int hits = 0;
        for (boolean fooled : choices.fooled()) {
            hits += fooled ? 1 : 0;
        }
        String title = MethodCatalogue.STANDARD.title(choices.method());
        String told = "fooled on " + Numbers.count(hits) + " of " + Numbers.count(choices.fooled().length);
        SvgChart chart = new SvgChart(title + ": similarity to truth and lie", told + ".", SIDE, SIDE);
        chart.verticalAxis(x, y, 4);
        chart.horizontalAxis(x, y, 4, "similarity to what it shows");
        chart.line("diagonal", x.from(), y.from(), x.to(), y.to());
        for (int i = 0; i < choices.truth().length; i++) {
            double px = x.at(choices.truth()[i]);
            double py = y.at(choices.wanted()[i]);
            if (choices.fooled()[i]) {
                chart.diamond("hit", px, py, 6);
            } else {
                chart.circle("missed", px, py, 4.5);
            }
        }
        chart.text("label", "start", 4, 16, "↑ similarity to the lie");
        return figure(title, told, chart);
    }

    private static Html map(EmbeddingMap map) {
        SvgChart chart = new SvgChart(
                map.title(),
                Numbers.count(map.attacked().length, "attacked image") + " among "
                        + Numbers.count(map.others().length + map.ofWanted().length, "other") + ".",
                SIDE,
                SIDE);
        Axis x = axis(map, 0);
        Axis y = axis(map, 1);
        for (double[] p : map.others()) {
            chart.circle("cloud", x.at(p[0]), y.at(p[1]), 2);
        }
        for (double[] p : map.ofWanted()) {
            chart.square("wanted", x.at(p[0]), y.at(p[1]));
        }
        for (double[] p : map.attacked()) {
            chart.diamond("hit", x.at(p[0]), y.at(p[1]), 6);
        }
        return figure(map.title(), "", chart);
    }

    private static Axis axis(EmbeddingMap map, int dimension) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[][] points : List.of(map.others(), map.ofWanted(), map.attacked())) {
            for (double[] p : points) {
                low = Math.min(low, p[dimension]);
                high = Math.max(high, p[dimension]);
            }
        }
        return new Axis(low, high, MARGIN, SIDE - MARGIN);
    }

    private static Html figure(String title, String subtitle, SvgChart chart) {
        Html caption = Html.of("figcaption", title);
        if (!subtitle.isEmpty()) {
            caption.add(Html.of("span", subtitle));
        }
        return Html.of("figure").add(caption, chart.svg());
    }
}
