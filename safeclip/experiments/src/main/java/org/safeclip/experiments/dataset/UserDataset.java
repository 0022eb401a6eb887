package org.safeclip.experiments.dataset;

import it.unimi.dsi.fastutil.ints.Int2ObjectLinkedOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.source.Source;
import org.safeclip.settings.InvalidInputException;

/** Reads the user's pairs from a source, and holds some of their images out of training. */
public final class UserDataset {
    private static final PromptTemplates PROMPTS =
            new PromptTemplates(List.of("a photo of {a} {}", "a picture of {a} {}", "{a} {}"));

    private UserDataset() {}

    /**
     * Options for reading a data set.
     *
     * @param side side of the square images in pixels, after resizing and cropping
     * @param classes class names; an image whose caption names exactly one of them belongs to it
     * @param heldOutShare share of the images that are held out, with all their captions
     * @param maxBadShare share of the images that may be unusable; they are left out
     */
    public record Options(int side, List<String> classes, double heldOutShare, double maxBadShare) {
        /** Copies the list. */
        public Options {
            classes = List.copyOf(classes);
        }
    }

    /**
     * Reads a source and its images.
     *
     * @param store where the images are kept
     * @param known the rows known to be poisons, by the number of rows: their images are trained on and not used in tests
     * @throws InvalidInputException if the source is malformed, too many images are unusable, or no held-out image has a class
     */
    public static Dataset read(
            Source source, Options options, PairStore store, IntFunction<BitSet> known, RandomGenerator random)
            throws IOException {
        DecodedPairs pairs = store.decode(source, options.side());
        refuseIfTooManyAreBad(source, pairs, options.maxBadShare());
        BitSet clean = clean(pairs, known.apply(pairs.count()));
        BitSet out = drawn(clean, options.heldOutShare(), random);
        return split(source, options, pairs, clean, out);
    }

    private static Dataset split(Source source, Options options, DecodedPairs pairs, BitSet clean, BitSet out) {
        List<Pattern> words = options.classes().stream()
                .map(name -> Pattern.compile("\\b" + Pattern.quote(name) + "\\b", Pattern.UNICODE_CHARACTER_CLASS))
                .toList();
        IntArrayList train = new IntArrayList();
        Int2ObjectLinkedOpenHashMap<HeldOutImage> heldOut = new Int2ObjectLinkedOpenHashMap<>();
        Int2ObjectLinkedOpenHashMap<LabelledImage> labelled = new Int2ObjectLinkedOpenHashMap<>();
        for (int pair = 0; pair < pairs.size(); pair++) {
            int image = pairs.imageOf()[pair];
            if (!out.get(image)) {
                train.add(pair);
                int coarse = words.isEmpty() ? -1 : only(pairs.captions().get(pair), words);
                if (coarse >= 0 && clean.get(image)) {
                    labelled.putIfAbsent(image, new LabelledImage(new StoredImage(pairs.images(), image), coarse));
                }
            } else {
                String caption = pairs.captions().get(pair);
                int coarse = only(caption, words);
                StoredImage stored = new StoredImage(pairs.images(), image);
                HeldOutImage one =
                        new HeldOutImage(stored, List.of(caption), pairs.names().get(image), coarse, coarse);
                heldOut.merge(image, one, UserDataset::withCaptionsOf);
            }
        }
        ClassList list = ClassList.of(options.classes(), PROMPTS);
        List<String> remarks = remarks(source, pairs);
        if (!options.classes().isEmpty()) {
            remarks.add(whatIsShown(source.place().toString(), options.classes(), heldOut.values(), labelled.size()));
        }
        int[] trained = train.toIntArray();
        return new Dataset(
                PairSet.of(
                        pairs.images(),
                        selected(pairs.imageOf(), trained),
                        trained.length == pairs.size() ? pairs.captions() : new Selection<>(pairs.captions(), trained)),
                selected(pairs.rows(), trained),
                List.copyOf(heldOut.values()),
                List.copyOf(labelled.values()),
                list,
                list,
                remarks);
    }

    private static int[] selected(int[] values, int... places) {
        int[] some = new int[places.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = values[places[i]];
        }
        return some;
    }

    private static List<String> remarks(Source source, DecodedPairs pairs) {
        List<String> remarks = new ArrayList<>();
        remarks.add(String.format(
                Locale.ROOT,
                "%s; %,d pairs of %,d images",
                source.description(),
                pairs.size(),
                pairs.images().size()));
        String images = pairs.badImages()
                .remark(
                        "images",
                        (long) pairs.badImages().count() + pairs.images().size());
        String rows = pairs.badRows().remark("rows", pairs.count());
        if (images != null) {
            remarks.add(images);
        }
        if (rows != null) {
            remarks.add(rows);
        }
        if (pairs.images() instanceof PairCache cache) {
            remarks.add(String.format(
                    Locale.ROOT, "the decoded images are kept in %s (%,d MiB)", cache.file(), cache.bytes() >> 20));
        }
        return remarks;
    }

    private static void refuseIfTooManyAreBad(Source source, DecodedPairs pairs, double share) {
        int usable = pairs.images().size();
        int bad = pairs.badImages().count();
        int all = bad + usable;
        if (all == 0) {
            String rows = pairs.badRows().remark("rows", pairs.count());
            throw new InvalidInputException(source.place() + ": contains no pairs" + (rows == null ? "" : "; " + rows));
        }
        if (usable > 0 && bad <= share * all) {
            return;
        }
        String remedy = usable == 0
                ? "correct the paths or the files"
                : String.format(
                        Locale.ROOT,
                        "data.maxBadShare=%s allows fewer: mend the files, or train without them with data.maxBadShare=%.2f",
                        share,
                        Math.min(1, Math.ceil(100.0 * bad / all) / 100));
        throw new InvalidInputException(String.format(
                Locale.ROOT,
                "%s: %,d of %,d images cannot be used, such as %s; in all %s; %s",
                source.place(),
                bad,
                all,
                pairs.badImages().example(),
                pairs.badImages().counts(),
                remedy));
    }

    /** The images that no poison shows. */
    private static BitSet clean(DecodedPairs pairs, BitSet poisons) {
        BitSet clean = new BitSet();
        clean.set(0, pairs.images().size());
        for (int pair = 0; pair < pairs.size(); pair++) {
            if (poisons.get(pairs.rows()[pair])) {
                clean.clear(pairs.imageOf()[pair]);
            }
        }
        return clean;
    }

    /** Draws a share of some images. */
    private static BitSet drawn(BitSet images, double share, RandomGenerator random) {
        int[] order = images.stream().toArray();
        int count = (int) Math.round(share * order.length);
        BitSet drawn = new BitSet();
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, order.length);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
            drawn.set(order[i]);
        }
        return drawn;
    }

    /**
     * Describes how many images have a class.
     *
     * @throws InvalidInputException if no held-out image has one
     */
    private static String whatIsShown(
            String file, List<String> classes, Collection<HeldOutImage> heldOut, int labelled) {
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
        return new HeldOutImage(first.image(), captions, first.name(), first.fine(), first.coarse());
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
