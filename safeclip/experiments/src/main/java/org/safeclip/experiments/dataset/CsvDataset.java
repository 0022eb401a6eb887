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
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.settings.InvalidInputException;

/** Reads the user's pairs, listed in a csv file, and holds some of their images out of training. */
public final class CsvDataset {
    private static final PromptTemplates PROMPTS =
            new PromptTemplates(List.of("a photo of {a} {}", "a picture of {a} {}", "{a} {}"));

    private CsvDataset() {}

    /**
     * Reads a csv file and its images.
     *
     * @param side side of the square images in pixels, after resizing and cropping
     * @param classes class names; an image whose caption names exactly one of them belongs to it
     * @param heldOutShare share of the images that are held out, with all their captions
     * @param maxBadShare share of the images that may be unusable; they are left out
     * @param known the rows known to be poisons, by the number of rows: their images are trained on and not used in tests
     * @throws InvalidInputException if the file is malformed, too many images are unusable, or no held-out image has a class
     */
    public static Dataset read(
            Path file,
            int side,
            List<String> classes,
            double heldOutShare,
            double maxBadShare,
            IntFunction<BitSet> known,
            RandomGenerator random)
            throws IOException {
        CsvPairs.Listing listing = CsvPairs.listing(file);
        List<CsvPairs.Row> rows = listing.rows();
        BitSet poisons = known.apply(listing.count());
        CsvImages decoded = CsvImages.decode(file, rows, side);
        decoded.refuseIfTooManyAreBad(maxBadShare);
        Map<Path, byte[]> images = decoded.usable();
        Set<Path> clean = new LinkedHashSet<>(images.keySet());
        rows.stream().filter(row -> poisons.get(row.number())).forEach(row -> clean.remove(row.image()));
        Set<Path> out = drawn(clean, heldOutShare, random);
        List<Pair> train = new ArrayList<>();
        IntList rowOf = new IntArrayList();
        Map<Path, HeldOutImage> heldOut = new LinkedHashMap<>();
        Map<Path, LabelledImage> labelled = new LinkedHashMap<>();
        List<Pattern> words = classes.stream()
                .map(name -> Pattern.compile("\\b" + Pattern.quote(name) + "\\b", Pattern.UNICODE_CHARACTER_CLASS))
                .toList();
        for (CsvPairs.Row row : rows) {
            byte[] pixels = images.get(row.image());
            if (pixels == null) {
                continue;
            }
            int coarse = only(row.caption(), words);
            if (!out.contains(row.image())) {
                train.add(new Pair(pixels, row.caption()));
                rowOf.add(row.number());
                if (coarse >= 0 && clean.contains(row.image())) {
                    labelled.putIfAbsent(row.image(), new LabelledImage(pixels, coarse));
                }
            } else {
                String name = String.valueOf(row.image().getFileName());
                HeldOutImage one = new HeldOutImage(pixels, List.of(row.caption()), name, coarse, coarse);
                heldOut.merge(row.image(), one, CsvDataset::withCaptionsOf);
            }
        }
        ClassList list = ClassList.of(classes, PROMPTS);
        List<String> remarks = new ArrayList<>();
        remarks.addAll(decoded.remarks());
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

    /**
     * Describes how many images have a class.
     *
     * @throws InvalidInputException if no held-out image has one
     */
    private static String whatIsShown(Path file, List<String> classes, Collection<HeldOutImage> heldOut, int labelled) {
        long shown = heldOut.stream().filter(one -> one.coarse() >= 0).count();
        if (shown == 0) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "data.classes: no caption of the %,d held-out images of %s names exactly one of %s"
                            + " (case-sensitive); choose other words or hold out more (data.heldOutShare)",
                    heldOut.size(),
                    file,
                    String.join(", ", classes)));
        }
        return String.format(
                Locale.ROOT,
                "by their captions, %,d of %,d held-out images and %,d training images belong to one of %d classes",
                shown,
                heldOut.size(),
                labelled,
                classes.size());
    }

    /** Merges the captions of an image; its first line determines the class. */
    private static HeldOutImage withCaptionsOf(HeldOutImage first, HeldOutImage other) {
        List<String> captions = new ArrayList<>(first.captions());
        captions.addAll(other.captions());
        return new HeldOutImage(first.pixels(), captions, first.name(), first.fine(), first.coarse());
    }

    private static Set<Path> drawn(Set<Path> images, double share, RandomGenerator random) {
        Path[] order = images.toArray(Path[]::new);
        int count = (int) Math.round(share * order.length);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, order.length);
            Path swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return new HashSet<>(Arrays.asList(order).subList(0, count));
    }

    /** The only class that a caption names as whole words; −1 if it names none or several. */
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
