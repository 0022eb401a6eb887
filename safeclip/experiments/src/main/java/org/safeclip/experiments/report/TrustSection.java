package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import org.safeclip.experiments.report.ReportData.Trusted;
import org.safeclip.experiments.report.ReportData.TrustedPairs;
import org.safeclip.experiments.run.MethodCatalogue;

/** The least and the most trusted pairs as pictures with their captions. */
final class TrustSection {
    private static final int SHOWN = 112;

    private TrustSection() {}

    static List<Section> of(ReportData data) {
        if (data.trust().isEmpty()) {
            return List.of();
        }
        List<Html> content = new ArrayList<>();
        for (TrustedPairs pairs : data.trust()) {
            String of = data.trust().size() > 1 ? " by " + MethodCatalogue.STANDARD.title(pairs.method()) : "";
            content.add(Html.of("h3", "Least trusted" + of));
            content.add(row(pairs.least()));
            content.add(Html.of("h3", "Most trusted" + of));
            content.add(row(pairs.most()));
        }
        return List.of(new Section(
                "What it trusts",
                "The pairs at both ends of the ranking in epoch "
                        + data.trust().getFirst().epoch()
                        + ": a picture and a caption that do not fit come first, whether an attacker or an author wrote it.",
                content));
    }

    static Html row(List<Trusted> pairs) {
        return Html.of("ul")
                .with("class", "pairs")
                .addAll(pairs.stream().map(TrustSection::pair).toList());
    }

    private static Html pair(Trusted pair) {
        Html item = Html.of("li")
                .with("class", "pair")
                .add(Picture.of(pair.pixels(), SHOWN, ""))
                .text(pair.caption())
                .add(Html.of(
                                "span",
                                "similarity " + Numbers.fixed(pair.similarity(), 2)
                                        + (pair.safe() ? ", safe" : ", risky"))
                        .with("class", "number"));
        return Boolean.TRUE.equals(pair.poison())
                ? item.add(Html.of("span", "✗ poison").with("class", "is-poison"))
                : item;
    }
}
