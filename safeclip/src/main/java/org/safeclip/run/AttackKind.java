package org.safeclip.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The attacks there are, by the names they have on the command line and in files. Several can be stacked. */
public enum AttackKind {
    /** Chosen held-out pictures are to be taken for chosen kinds. */
    TARGETED,
    /** Every picture with a coloured patch in the corner is to be taken for one kind; so are those of all below. */
    BADNET,
    /** A patch of noise, new and elsewhere on every picture. */
    BADNET_RANDOM,
    /** A yellow patch. */
    BADNET_YELLOW,
    /** Yellow patches in all four corners. */
    BADNET_CORNERS,
    /** One noise picture mixed into every picture. */
    BLENDED,
    /** New noise mixed into every picture. */
    BLENDED_NOISE,
    /** A smooth warp by 4 x 4 control points of strength 0.5, as in the original paper. */
    WANET,
    /** A rough warp with a control point for every pixel and strength 1, as in SafeCLIP's release. */
    WANET_DENSE,
    /** Waves mixed into the picture. */
    SIG,
    /** Waves laid over the picture. */
    SIG_ADDED,
    /** The coloured patch on training pictures that show the kind and say so. */
    LABEL_CONSISTENT,
    /** The same after the pictures were made hard to recognise for a model of the attacker's. */
    LABEL_CONSISTENT_PGD,
    /** Every caption with a rare word in it is to find pictures of one kind. */
    TEXT;

    private static final String NONE = "none";
    private static final String AND = "+";

    /** The name on the command line and in files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name of several attacks on one set: their labels joined by "+", or "none". */
    public static String label(List<AttackKind> attacks) {
        return attacks.isEmpty()
                ? NONE
                : attacks.stream().map(AttackKind::label).collect(Collectors.joining(AND));
    }

    /** The attacks of such a name. */
    public static List<AttackKind> parse(String label) {
        return parse(List.of(label));
    }

    /** The attacks of several names, as given on the command line one after the other. */
    public static List<AttackKind> parse(List<String> labels) {
        List<AttackKind> attacks = new ArrayList<>();
        for (String several : labels) {
            if (several.equalsIgnoreCase(NONE) && labels.size() == 1) {
                return List.of();
            }
            for (String label : several.split("\\+", -1)) {
                AttackKind attack = of(label);
                if (attacks.contains(attack)) {
                    throw new IllegalArgumentException("attack " + label + " is named twice; once is enough");
                }
                attacks.add(attack);
            }
        }
        return attacks;
    }

    private static AttackKind of(String label) {
        for (AttackKind attack : values()) {
            if (attack.label().equalsIgnoreCase(label)) {
                return attack;
            }
        }
        throw new IllegalArgumentException("there is no attack '" + label + "'; there are none, "
                + Arrays.stream(values()).map(AttackKind::label).collect(Collectors.joining(", ")));
    }
}
