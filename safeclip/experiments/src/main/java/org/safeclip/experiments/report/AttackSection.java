package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.run.MethodCatalogue;

/** The attack in pictures: the attacked images with what each model says, and the poisoned pairs as training saw them. */
final class AttackSection {
    private static final int SHOWN = 88;

    private AttackSection() {}

    static List<Section> of(ReportData data) {
        if (data.attacked().isEmpty() && data.poisons().isEmpty()) {
            return List.of();
        }
        List<Html> content = new ArrayList<>();
        boolean exact =
                data.attacked().stream().anyMatch(image -> !image.captions().isEmpty());
        if (!data.poisons().isEmpty() && !exact) {
            content.add(Html.of("h3", "The poison, as training saw it"));
            content.add(Html.of("ul")
                    .with("class", "cards")
                    .addAll(data.poisons().stream().map(AttackSection::poison).toList()));
            if (!data.attacked().isEmpty()) {
                content.add(Html.of("h3", "What the models say of unseen images with the trigger"));
            }
        }
        content.add(Html.of("ul")
                .with("class", "cards")
                .addAll(data.attacked().stream().map(AttackSection::card).toList()));
        return List.of(new Section("The attack in pictures", lead(data, exact), content));
    }

    private static String lead(ReportData data, boolean exact) {
        if (data.attacked().isEmpty()) {
            return "Pictures that training saw with captions the attacker made up.";
        }
        String items = AttackCatalogue.STANDARD.testItems(data.subject().attack());
        return exact
                ? "Each picture was put among the training pairs with captions that lie. A model is fooled (✗) where it"
                        + " then calls the picture what the attacker wants; otherwise it is right (✓) or merely wrong (○)."
                : "The attacker put the trigger on training pictures, with captions that lie. A model is fooled (✗)"
                        + " where it then calls the " + items + " what the attacker wants; otherwise it is right (✓) or"
                        + " merely wrong (○).";
    }

    private static Html card(AttackedImage attacked) {
        Html card = Html.of("li")
                .with("class", "card")
                .add(Html.of("div")
                        .with("class", "top")
                        .add(
                                Picture.of(attacked.pixels(), SHOWN, "Picture of " + attacked.truth()),
                                Html.of("dl")
                                        .add(
                                                fact("shows", attacked.truth(), "truth"),
                                                fact("attacker wants", attacked.adversarial(), ""))));
        if (!attacked.captions().isEmpty()) {
            card.add(caption(attacked.captions().getFirst(), attacked.captions().size()));
        }
        if (!attacked.predictions().isEmpty()) {
            Html answers = Html.of("ul").with("class", "answers");
            for (Map.Entry<String, AttackedImage.Answer> one :
                    attacked.predictions().entrySet()) {
                answers.add(answer(MethodCatalogue.STANDARD.title(one.getKey()), one.getValue()));
            }
            card.add(answers);
        }
        return card;
    }

    private static Html poison(ReportData.PoisonedPair pair) {
        return Html.of("li")
                .with("class", "card")
                .add(
                        Html.of("div")
                                .with("class", "top")
                                .add(
                                        Picture.of(pair.pixels(), SHOWN, "Poisoned training picture"),
                                        Html.of("dl").add(fact("attacker wants", pair.wanted(), ""))),
                        caption(pair.caption(), 1));
    }

    private static Html caption(String words, int captions) {
        String more = captions == 1 ? "trained with the caption" : "trained with " + captions + " captions such as";
        return Html.of("blockquote").add(Html.of("span", more)).text("“" + words + "”");
    }

    private static Html fact(String name, String value, String style) {
        return Html.of("div").add(Html.of("dt", name), Html.of("dd", value).with("class", style));
    }

    private static Html answer(String method, AttackedImage.Answer answer) {
        String mark = switch (answer.kind()) {
            case FOOLED -> "✗ fooled";
            case RIGHT -> "✓ right";
            case WRONG -> "○ wrong";
        };
        String style = switch (answer.kind()) {
            case FOOLED -> "fooled";
            case RIGHT -> "right";
            case WRONG -> "wrong";
        };
        return Html.of("li")
                .add(
                        Html.of("span", method + " says " + answer.name()).with("class", "says"),
                        Html.of("span", mark).with("class", "answer " + style));
    }
}
