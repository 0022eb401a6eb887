package org.safeclip.experiments.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Settings;

/**
 * The attacks by name. To add an attack, write a class and add a line here.
 *
 * @param entries all attacks, in the order in which they are listed
 */
public record AttackCatalogue(List<Entry> entries) {
    private static final String NONE = "none";
    private static final String AND = "+";
    private static final String TRIGGERED = "images with the trigger";
    private static final String TRIGGER_CAPTIONS = "captions with the trigger";
    private static final String TARGETS = "target images";

    /** The attacks of this program. */
    public static final AttackCatalogue STANDARD = new AttackCatalogue(List.of(
            new Entry(
                    "targeted",
                    TARGETS,
                    "chosen held-out images are classified as chosen classes",
                    TargetedPoison::new),
            targeted(
                    "targeted-varied",
                    "targeted poisoning by near-duplicates, which no search for equal images finds",
                    UnaryOperator.identity(),
                    NearDuplicate::of),
            targeted(
                    "targeted-mixed",
                    "targeted poisoning whose captions name the true and the false class",
                    captions(PoisonCaptions.MIXED),
                    (image, _) -> image),
            targeted(
                    "targeted-vouching",
                    "near-duplicates with similar captions, which vouch for each other",
                    captions(PoisonCaptions.SIMILAR),
                    NearDuplicate::of),
            backdoor("badnet", "a coloured patch near the corner", s -> (side, random) -> FixedPatch.coloured(side)),
            backdoor(
                    "badnet-random",
                    "a patch of noise, different and at a different place in every image",
                    s -> (side, random) -> RandomPatch.forSide(side)),
            backdoor("badnet-yellow", "a yellow patch", s -> (side, random) -> FixedPatch.yellow(side)),
            backdoor(
                    "badnet-corners",
                    "yellow patches in all four corners",
                    s -> (side, random) -> FixedPatch.corners(side)),
            backdoor(
                    "blended",
                    "one noise image blended into every image",
                    s -> (side, random) -> Blended.fixed((float) s.blend(), side, random)),
            backdoor(
                    "blended-noise",
                    "new noise blended into every image",
                    s -> (side, random) -> Blended.perImage((float) s.blend())),
            backdoor(
                    "wanet",
                    "a smooth warp by 4 x 4 control points of strength 0.5, as in the original paper",
                    s -> (side, random) -> WaNet.draw(4, 0.5f, random)),
            backdoor(
                    "wanet-dense",
                    "a rough warp with a control point for every pixel, as in SafeCLIP's release",
                    s -> (side, random) -> WaNet.draw(side, 1, random)),
            backdoor("sig", "waves blended into the image", s -> (side, random) -> Sig.blended((float) s.blend())),
            backdoor("sig-added", "waves added to the image", s -> (side, random) -> Sig.added()),
            new Entry(
                    "label-consistent",
                    TRIGGERED,
                    "the coloured patch on training images of the class",
                    settings -> new LabelConsistent("label-consistent", settings, LabelConsistent.Hardening.NONE)),
            new Entry(
                    "label-consistent-pgd",
                    TRIGGERED,
                    "the coloured patch on training images of the class, perturbed first so that they are"
                            + " hard to recognise",
                    (settings, surrogates) ->
                            new LabelConsistent("label-consistent-pgd", settings, Pgd.lazily(settings, surrogates))),
            new Entry(
                    "badnet-mixed",
                    TRIGGERED,
                    "the coloured patch, with captions that name the true and the false class",
                    settings -> new Backdoor(
                            "badnet-mixed",
                            captions(PoisonCaptions.MIXED).apply(settings),
                            (side, random) -> FixedPatch.coloured(side))),
            new Entry(
                    "text",
                    TRIGGER_CAPTIONS,
                    "every caption with a rare word retrieves images of one class",
                    TextTrigger::new),
            new Entry(
                    "text-several",
                    TRIGGER_CAPTIONS,
                    "every caption with one of sixteen rare words retrieves images of one class",
                    TextTrigger::several)));

    /**
     * An attack.
     *
     * @param name name on the command line and in files
     * @param testItems what its test set consists of, in the plural, such as "images with the trigger"
     * @param description what it does, in one line
     * @param create makes an attack that has not poisoned yet
     */
    public record Entry(
            String name,
            String testItems,
            String description,
            BiFunction<AttackSettings, SurrogateLoader, Attack> create) {
        /** An attack that needs no surrogate model. */
        public Entry(String name, String testItems, String description, Function<AttackSettings, Attack> create) {
            this(name, testItems, description, (settings, surrogates) -> create.apply(settings));
        }
    }

    /** Copies the list. */
    public AttackCatalogue {
        entries = List.copyOf(entries);
    }

    private static Entry backdoor(String name, String description, Function<AttackSettings, TriggerFactory> trigger) {
        return new Entry(
                name, TRIGGERED, description, settings -> new Backdoor(name, settings, trigger.apply(settings)));
    }

    private static Entry targeted(
            String name,
            String description,
            UnaryOperator<AttackSettings> changes,
            BiFunction<byte[], RandomGenerator, byte[]> copy) {
        return new Entry(
                name, TARGETS, description, settings -> new TargetedPoison(name, changes.apply(settings), copy));
    }

    private static UnaryOperator<AttackSettings> captions(PoisonCaptions captions) {
        return settings -> Settings.with(settings, "captions", captions);
    }

    /** A copy of this catalogue with one more attack. */
    public AttackCatalogue with(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        return new AttackCatalogue(more);
    }

    /** The names of all attacks. */
    public List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }

    /**
     * Makes the attack of a name.
     *
     * @throws InvalidInputException if there is no attack of this name
     */
    public Attack create(String name, AttackSettings settings, SurrogateLoader surrogates) {
        return entry(name).create().apply(settings, surrogates);
    }

    /**
     * Parses the attacks on the command line. Each label is one name or several joined by "+"; "none" gives the empty list.
     *
     * @throws InvalidInputException if there is no attack of a name, or a name occurs twice
     */
    public List<String> parse(List<String> labels) {
        List<String> attacks = new ArrayList<>();
        for (String several : labels) {
            if (several.equalsIgnoreCase(NONE) && labels.size() == 1) {
                return List.of();
            }
            for (String label : several.split("\\+", -1)) {
                String attack = entry(label).name();
                if (attacks.contains(attack)) {
                    throw new InvalidInputException("attack " + label + " is named twice; once is enough");
                }
                attacks.add(attack);
            }
        }
        return List.copyOf(attacks);
    }

    /** The label of several attacks on one data set: their names joined by "+", or "none". */
    public static String label(List<String> attacks) {
        return attacks.isEmpty() ? NONE : String.join(AND, attacks);
    }

    /**
     * What the test set of the first attack in a label consists of, in the plural; "attacked images" if the attack is unknown.
     */
    public String testItems(String label) {
        String first = label.split("\\+", -1)[0];
        return entries.stream()
                .filter(entry -> entry.name().equals(first))
                .map(Entry::testItems)
                .findFirst()
                .orElse("attacked images");
    }

    private Entry entry(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("there is no attack '" + name + "'; there are none, "
                        + entries.stream().map(Entry::name).collect(Collectors.joining(", "))));
    }
}
