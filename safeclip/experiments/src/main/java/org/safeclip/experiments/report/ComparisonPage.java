package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;

/** The page of a comparison: for each attack the rates of the methods with their intervals on one scale, and the table below. */
public final class ComparisonPage {
    /**
     * A rate of a method.
     *
     * @param method the method's name
     * @param rate the rate, from 0 to 1
     * @param low lower end of its interval
     * @param high upper end of its interval
     * @param text the rate with interval and counts
     */
    public record Rate(String method, double rate, double low, double high, String text) {}

    /**
     * One measure of all methods.
     *
     * @param title what is measured
     * @param harm whether a high rate is the attacker's gain
     * @param rates one for each method
     */
    public record Figure(String title, boolean harm, List<Rate> rates) {}

    /**
     * Everything about one attack.
     *
     * @param attack its name
     * @param lead sentences on its dose, and on how to read the figures
     * @param undefended success against CLIP, as text; "" if not known
     * @param defended success against SafeCLIP, as text; "" if not known
     * @param figures measures to draw
     * @param table headings, then one line for each method
     */
    public record Group(
            String attack,
            String lead,
            String undefended,
            String defended,
            List<Figure> figures,
            List<List<String>> table) {}

    private ComparisonPage() {}

    /**
     * The page as a file.
     *
     * @param title the comparison's name
     * @param state how much of it is finished, and how the rates are to be read
     * @param costs table of what an epoch costs; empty for none
     */
    public static String page(String title, String state, List<Group> groups, List<List<String>> costs) {
        List<Section> sections = new ArrayList<>();
        Html tallies = Html.of("ul").with("class", "tallies");
        boolean any = false;
        for (Group group : groups) {
            List<Html> content = new ArrayList<>();
            group.figures().forEach(figure -> content.add(figure(figure)));
            content.add(Html.of("details")
                    .add(Html.of("summary", "All measures under " + group.attack()), TextTable.html(group.table())));
            sections.add(new Section("Attack: " + group.attack(), group.lead(), content));
            if (!group.undefended().isEmpty() && !group.defended().isEmpty()) {
                tallies.add(tally(group));
                any = true;
            }
        }
        if (costs.size() > 1) {
            sections.add(new Section(
                    "What an epoch costs",
                    "Mean over the epochs of a phase, on the machine of the runs.",
                    TextTable.html(costs)));
        }
        Html hero = Html.of("section")
                .with("id", "result")
                .with("class", "hero")
                .add(Html.of("p", title).with("class", "label"), Html.of("h1", "Who is fooled, and how often"));
        if (any) {
            hero.add(tallies);
        }
        hero.add(Html.of("p", state));
        List<Html> content = new ArrayList<>(List.of(hero, Section.contents(sections)));
        sections.forEach(section -> content.add(section.html()));
        return Report.sheet("SafeCLIP: " + title, content);
    }

    private static Html tally(Group group) {
        return Html.of("li")
                .with("class", "tally")
                .add(
                        Html.of("p", group.attack()).with("class", "name"),
                        Html.of("p", group.undefended() + " → " + group.defended())
                                .with("class", "rate"),
                        Html.of("p", "CLIP → SafeCLIP: share of the attacked inputs that fool the model")
                                .with("class", "more"));
    }

    private static Html figure(Figure figure) {
        Html list = Html.of("ul").with("class", "rates" + (figure.harm() ? " harm" : ""));
        for (Rate rate : figure.rates()) {
            Html track = Html.of("div")
                    .with("class", "track")
                    .with("aria-hidden", "true")
                    .add(
                            Html.of("div")
                                    .with("class", "range")
                                    .with(
                                            "style",
                                            "left:" + percent(rate.low()) + ";width:"
                                                    + percent(rate.high() - rate.low())),
                            Html.of("div").with("class", "mean").with("style", "left:" + percent(rate.rate())));
            list.add(Html.of("li")
                    .add(
                            Html.of("span", rate.method()).with("class", "name"),
                            track,
                            Html.of("span", rate.text()).with("class", "figures")));
        }
        return Html.of("figure")
                .add(
                        Html.of("figcaption", figure.title())
                                .add(Html.of(
                                        "span",
                                        (figure.harm() ? "Left is better. " : "Right is better. ")
                                                + "The track goes from 0 to 100 %; the dot is the mean over the seeds, the"
                                                + " bar its 95 % interval.")),
                        list);
    }

    private static String percent(double share) {
        return Numbers.fixed(100 * share, 2) + "%";
    }
}
