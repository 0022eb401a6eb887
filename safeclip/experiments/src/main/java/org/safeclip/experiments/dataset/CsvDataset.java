package org.safeclip.experiments.dataset;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.settings.InvalidInputException;

/** Reads pairs of the user's own, listed in a csv file, and keeps some of their pictures out of training. */
public final class CsvDataset {
    /** With a larger share of pictures missing, the list itself is wrong. */
    private static final double MOST_UNREADABLE = 0.5;

    private static final PromptTemplates PROMPTS =
            new PromptTemplates(List.of("a photo of {a} {}", "a picture of {a} {}", "{a} {}"));

    private CsvDataset() {}

    /**
     * Reads a list and its pictures.
     *
     * @param side to which pictures are brought
     * @param classes words that captions may name; a held-out picture whose caption names exactly one belongs to it
     * @param heldOutShare share of the pictures that are held out; all captions of a picture go with it
     * @param poisons rows known to be poisons: their pictures stay in training, and nothing is tested on them
     */
    public static Dataset read(
            Path file, int side, List<String> classes, double heldOutShare, BitSet poisons, RandomGenerator random)
            throws IOException {
        List<CsvPairs.Row> rows = CsvPairs.read(file);
        Map<Path, byte[]> pictures = new LinkedHashMap<>();
        Map<String, Integer> reasons = new LinkedHashMap<>();
        String example = decode(rows, side, pictures, reasons);
        int lost = reasons.values().stream().mapToInt(Integer::intValue).sum();
        if (pictures.isEmpty() || lost > MOST_UNREADABLE * (lost + pictures.size())) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d pictures cannot be used, such as %s",
                    file,
                    lost,
                    lost + pictures.size(),
                    example));
        }
        Set<Path> honest = new LinkedHashSet<>(pictures.keySet());
        rows.stream().filter(row -> poisons.get(row.number())).forEach(row -> honest.remove(row.picture()));
        Set<Path> out = drawn(honest, heldOutShare, random);
        List<Pair> train = new ArrayList<>();
        IntList rowOf = new IntArrayList();
        Map<Path, HeldOutImage> heldOut = new LinkedHashMap<>();
        Map<Path, LabelledImage> labelled = new LinkedHashMap<>();
        List<Pattern> words = classes.stream()
                .map(name -> Pattern.compile("\\b" + Pattern.quote(name) + "\\b", Pattern.UNICODE_CHARACTER_CLASS))
                .toList();
        for (CsvPairs.Row row : rows) {
            byte[] pixels = pictures.get(row.picture());
            if (pixels == null) {
                continue;
            }
            int coarse = only(row.caption(), words);
            if (!out.contains(row.picture())) {
                train.add(new Pair(pixels, row.caption()));
                rowOf.add(row.number());
                if (coarse >= 0 && honest.contains(row.picture())) {
                    labelled.putIfAbsent(row.picture(), new LabelledImage(pixels, coarse));
                }
            } else {
                String name = String.valueOf(row.picture().getFileName());
                HeldOutImage one = new HeldOutImage(pixels, List.of(row.caption()), name, coarse, coarse);
                heldOut.merge(row.picture(), one, CsvDataset::withCaptionsOf);
            }
        }
        ClassList list = ClassList.of(classes, PROMPTS);
        List<String> remarks = new ArrayList<>();
        if (example != null) {
            remarks.add(String.format(Locale.ROOT, "%,d pictures left out (%s), such as %s", lost, reasons, example));
        }
        if (!classes.isEmpty()) {
            remarks.add(whatIsShown(file, classes, heldOut.values(), labelled.size()));
        }
        return new Dataset(
                PairSet.of(side, train),
                rowOf.toIntArray(),
                List.copyOf(heldOut.values()),
                List.copyOf(labelled.values()),
                list,
                list,
                List.copyOf(remarks));
    }

    /** In words, how many pictures show a class; refuses a list whose held-out pictures show none. */
    private static String whatIsShown(Path file, List<String> classes, Collection<HeldOutImage> heldOut, int labelled) {
        long shown = heldOut.stream().filter(one -> one.coarse() >= 0).count();
        if (shown == 0) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "data.classes: no caption of the %,d held-out pictures of %s names exactly one of %s, upper and lower"
                            + " case told apart; choose other words or hold out more (data.heldOutShare)",
                    heldOut.size(),
                    file,
                    String.join(", ", classes)));
        }
        return String.format(
                Locale.ROOT,
                "%,d of %,d held-out pictures and %,d to learn from show one of %d classes, by their captions",
                shown,
                heldOut.size(),
                labelled,
                classes.size());
    }

    /** The first line of a picture decides its class. */
    private static HeldOutImage withCaptionsOf(HeldOutImage first, HeldOutImage other) {
        List<String> captions = new ArrayList<>(first.captions());
        captions.addAll(other.captions());
        return new HeldOutImage(first.pixels(), captions, first.name(), first.fine(), first.coarse());
    }

    /** Decodes every picture once; the answer is the first that cannot be, with its line and the reason. */
    private static @Nullable String decode(
            List<CsvPairs.Row> rows, int side, Map<Path, byte[]> pictures, Map<String, Integer> reasons) {
        String example = null;
        Set<Path> seen = new HashSet<>();
        for (CsvPairs.Row row : rows) {
            if (!seen.add(row.picture())) {
                continue;
            }
            try {
                pictures.put(row.picture(), ImageFile.square(row.picture(), side));
            } catch (ImageFile.Unreadable e) {
                String reason = String.valueOf(e.getMessage());
                reasons.merge(reason, 1, Integer::sum);
                example = example == null ? "line " + row.line() + ": " + row.picture() + ": " + reason : example;
            }
        }
        return example;
    }

    private static Set<Path> drawn(Set<Path> pictures, double share, RandomGenerator random) {
        Path[] order = pictures.toArray(Path[]::new);
        int count = (int) Math.round(share * order.length);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, order.length);
            Path swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return new HashSet<>(Arrays.asList(order).subList(0, count));
    }

    /** The one class that a caption names as whole words; −1 where it names none or several. */
    private static int only(String caption, List<Pattern> classes) {
        int found = -1;
        for (int c = 0; c < classes.size(); c++) {
            if (classes.get(c).matcher(caption).find()) {
                if (found >= 0) {
                    return -1;
                }
                found = c;
            }
        }
        return found;
    }
}
