package org.safeclip.experiments.run;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.attack.Attack;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.attack.PoisonCount;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.attack.PoisonedDataset;
import org.safeclip.experiments.attack.StoredPairs;
import org.safeclip.experiments.attack.Verification;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.HeldOutImage;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.source.CsvPairs;
import org.safeclip.settings.InvalidInputException;

/**
 * Writes a poisoned copy of a data set for this program or other tools: {@code train.csv} (image, caption) with its images,
 * {@code mask.csv} (which rows are poisons, not for training), {@code heldout.csv} (clean images that are neither in training
 * pairs nor in poisons) and {@code test.csv} (inputs that the attacker wants misclassified).
 */
public final class PoisonedFolder {
    private static final String CONFIG = "config.toml";
    private static final String TEST = "test.csv";

    private final ExperimentConfig config;
    private final Dataset dataset;
    private final List<Attack> attacks;
    private final PoisonedDataset poisoned;
    private final String format;
    private final Path out;

    /**
     * A summary of the files written.
     *
     * @param pairs N, rows of train.csv
     * @param poisons number of poisons
     * @param counts poisons and clean pairs of every target class
     * @param verified verification of the written poisons, one for each attack
     */
    public record Written(int pairs, int poisons, List<PoisonCount> counts, List<Verification> verified) {}

    /**
     * Applies the attacks in memory; writes nothing.
     *
     * @param format image format: png (lossless) or jpg
     */
    public PoisonedFolder(ExperimentConfig config, Dataset dataset, List<String> attacks, String format, Path out)
            throws IOException {
        this.config = config;
        this.dataset = dataset;
        this.format = format;
        this.out = out;
        this.attacks = Experiment.create(config, attacks);
        this.poisoned = Experiment.poison(config, dataset, this.attacks);
    }

    /** Writes the folder and verifies the poisons by reading them back. */
    public Written write() throws IOException {
        Files.createDirectories(out);
        List<String> files = train(poisoned.pairs());
        mask(poisoned.mask(), files);
        heldOut();
        tests();
        String names = AttackCatalogue.label(attacks.stream().map(Attack::name).toList());
        Files.writeString(out.resolve(CONFIG), "# attack: " + names + "\n" + ConfigFile.toml(config));
        List<PoisonCount> counts = PoisonCount.of(poisoned.pairs(), poisoned.mask());
        List<Verification> verified = verify();
        Files.writeString(out.resolve("attacks.txt"), text(counts, verified));
        return new Written(poisoned.pairs().size(), poisoned.mask().count(), counts, verified);
    }

    /**
     * Recreates the experiment of a folder from its settings and attacks; for png, its test images equal the files.
     *
     * @throws InvalidInputException if the folder was not written by the command poison
     */
    public static Experiment experiment(Path folder) throws IOException {
        Path settings = folder.resolve(CONFIG);
        Path test = folder.resolve(TEST);
        for (Path file : List.of(settings, test)) {
            if (!Files.exists(file)) {
                throw new InvalidInputException(
                        folder + ": was not written by the command poison: it has no " + file.getFileName());
            }
        }
        Set<String> attacks = new LinkedHashSet<>();
        try (CsvReader<NamedCsvRecord> lines = CsvReader.builder().ofNamedCsvRecord(test)) {
            lines.forEach(line -> attacks.add(line.getField("attack")));
        } catch (NoSuchElementException | CsvParseException e) {
            throw new InvalidInputException(test + ": not a test.csv of the command poison: " + e.getMessage(), e);
        }
        return Experiment.of(
                ConfigFile.read(settings, List.of()), AttackCatalogue.STANDARD.parse(List.copyOf(attacks)));
    }

    /** Reads the written poisons back and verifies them. */
    private List<Verification> verify() throws IOException {
        Path file = out.resolve("train.csv");
        List<CsvPairs.Row> rows = CsvPairs.read(file);
        int expected = poisoned.pairs().size();
        if (rows.size() != expected) {
            throw new IOException(
                    file + ": has " + rows.size() + " pairs, expected " + expected + "; the disk may be full");
        }
        StoredPairs stored = row ->
                new Pair(ImageFile.read(rows.get(row).image()), rows.get(row).caption());
        List<Verification> verifications = new ArrayList<>();
        for (Attack attack : attacks) {
            verifications.add(attack.verify(poisoned, stored));
        }
        return verifications;
    }

    private static String text(List<PoisonCount> counts, List<Verification> verified) {
        StringBuilder text = new StringBuilder();
        counts.forEach(count -> text.append(count).append('\n'));
        verified.forEach(found -> text.append(found).append('\n'));
        return text.toString();
    }

    /** Writes each distinct image once; returns the file name of every row. */
    private List<String> train(PairSet pairs) throws IOException {
        Files.createDirectories(out.resolve("images"));
        Map<ByteBuffer, String> known = new HashMap<>();
        List<String> files = new ArrayList<>(pairs.size());
        try (CsvWriter csv = csv("train.csv")) {
            csv.writeRecord("image", "caption");
            for (int i = 0; i < pairs.size(); i++) {
                byte[] pixels = pairs.image(i);
                String name = known.get(ByteBuffer.wrap(pixels));
                if (name == null) {
                    name = writeImage("images", known.size(), pixels);
                    known.put(ByteBuffer.wrap(pixels), name);
                }
                files.add(name);
                csv.writeRecord(name, pairs.caption(i));
            }
        }
        return files;
    }

    private void mask(PoisonMask mask, List<String> files) throws IOException {
        try (CsvWriter csv = csv("mask.csv")) {
            csv.writeRecord("row", "image", "attack", "target");
            for (PoisonMask.Group group : mask.groups()) {
                for (int row : group.rows()) {
                    csv.writeRecord(Integer.toString(row), files.get(row), group.attack(), group.targetClass());
                }
            }
        }
    }

    private void heldOut() throws IOException {
        Files.createDirectories(out.resolve("heldout"));
        int number = 0;
        try (CsvWriter csv = csv("heldout.csv")) {
            csv.writeRecord("image", "caption", "name", "concept", "kind");
            for (HeldOutImage shown : poisoned.heldOut()) {
                csv.writeRecord(
                        writeImage("heldout", number++, shown.pixels()),
                        shown.caption(),
                        shown.name(),
                        name(dataset.fine(), shown.fine()),
                        name(dataset.coarse(), shown.coarse()));
            }
        }
    }

    private void tests() throws IOException {
        Files.createDirectories(out.resolve("test"));
        int number = 0;
        try (CsvWriter csv = csv(TEST)) {
            csv.writeRecord("attack", "image", "caption", "name", "kind", "wanted");
            for (AttackTestSet test : Experiment.tests(config, poisoned, attacks)) {
                for (int i = 0; i < test.size(); i++) {
                    boolean words = !test.captions().isEmpty();
                    csv.writeRecord(
                            test.attack(),
                            words
                                    ? ""
                                    : writeImage("test", number++, test.images().get(i)),
                            words ? test.captions().get(i) : "",
                            test.truths().get(i),
                            name(dataset.coarse(), test.labels()[i]),
                            name(dataset.coarse(), test.wanted()[i]));
                }
            }
        }
    }

    private static String name(ClassList classes, int place) {
        return place < 0 ? "" : classes.names().get(place);
    }

    private String writeImage(String folder, int number, byte[] pixels) throws IOException {
        String name = String.format(Locale.ROOT, "%s/%06d.%s", folder, number, format);
        ImageFile.write(pixels, format, out.resolve(name));
        return name;
    }

    private CsvWriter csv(String name) throws IOException {
        return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out.resolve(name));
    }
}
