package org.safeclip.run;

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
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.attack.PoisonCount;
import org.safeclip.attack.PoisonMask;
import org.safeclip.attack.Poisoned;
import org.safeclip.attack.Verified;
import org.safeclip.data.ClassList;
import org.safeclip.data.Corpus;
import org.safeclip.data.HeldOut;
import org.safeclip.data.PairSet;
import org.safeclip.data.PictureFile;
import org.safeclip.eval.AttackTest;

/**
 * Writes a poisoned copy of a data set for this or any other tool: {@code train.csv} (image, caption) with its pictures, {@code
 * mask.csv} (which rows are poisons: for diagnosis, not for training), {@code heldout.csv} (clean pictures that neither
 * training nor a poison shows) and {@code test.csv} (what the attacker wants misread).
 */
public final class PoisonedFolder {
    private static final String CONFIG = "config.toml";
    private static final String TEST = "test.csv";

    private final Config config;
    private final Corpus corpus;
    private final Campaign campaign;
    private final String format;
    private final Path out;

    /**
     * What was written.
     *
     * @param pairs N, rows of train.csv
     * @param poisons of them
     * @param counts poisons against clean pairs, for every target
     * @param verified what the written files hold, for every attack
     */
    public record Written(int pairs, int poisons, List<PoisonCount> counts, List<Verified> verified) {}

    /**
     * Carries out attacks in memory; writes nothing yet.
     *
     * @param format of the pictures: png, which loses nothing, or jpg
     */
    public PoisonedFolder(Config config, Corpus corpus, List<AttackKind> attacks, String format, Path out)
            throws IOException {
        this.config = config;
        this.corpus = corpus;
        this.format = format;
        this.out = out;
        this.campaign = new Campaign(config, corpus);
        attacks.forEach(campaign::strike);
    }

    /** Writes the folder and reads the poisons back. */
    public Written write() throws IOException {
        Files.createDirectories(out);
        Poisoned poisoned = campaign.poisoned();
        List<String> files = train(poisoned.pairs());
        mask(poisoned.mask(), files);
        heldOut();
        tests();
        String names = AttackKind.label(
                campaign.strikes().stream().map(Campaign.Strike::kind).toList());
        Files.writeString(out.resolve(CONFIG), "# attack: " + names + "\n" + ConfigFile.toml(config));
        List<PoisonCount> counts = PoisonCount.of(poisoned.pairs(), poisoned.mask());
        List<Verified> verified = PoisonCheck.written(out, corpus, campaign).verify();
        Files.writeString(out.resolve("attacks.txt"), text(counts, verified));
        return new Written(poisoned.pairs().size(), poisoned.mask().count(), counts, verified);
    }

    /** What a folder was made from, drawn again: its test is the same, to the pixel where the pictures are png. */
    public static Scenario scenario(Path folder) throws IOException {
        Path settings = folder.resolve(CONFIG);
        Path test = folder.resolve(TEST);
        for (Path file : List.of(settings, test)) {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException(
                        folder + ": was not written by poison: it holds no " + file.getFileName());
            }
        }
        Set<String> attacks = new LinkedHashSet<>();
        try (CsvReader<NamedCsvRecord> lines = CsvReader.builder().ofNamedCsvRecord(test)) {
            lines.forEach(line -> attacks.add(line.getField("attack")));
        } catch (NoSuchElementException | CsvParseException e) {
            throw new IllegalArgumentException(test + ": no test as poison writes it: " + e.getMessage(), e);
        }
        return Scenario.of(ConfigFile.read(settings, List.of()), AttackKind.parse(List.copyOf(attacks)));
    }

    private static String text(List<PoisonCount> counts, List<Verified> verified) {
        StringBuilder text = new StringBuilder();
        counts.forEach(count -> text.append(count).append('\n'));
        verified.forEach(found -> text.append(found).append('\n'));
        return text.toString();
    }

    /** One file for each different picture; the answer is the name of every row's. */
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
                    name = picture("images", known.size(), pixels);
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
            for (HeldOut shown : campaign.left()) {
                csv.writeRecord(
                        picture("heldout", number++, shown.pixels()),
                        shown.caption(),
                        shown.name(),
                        name(corpus.concepts(), shown.concept()),
                        name(corpus.kinds(), shown.kind()));
            }
        }
    }

    private void tests() throws IOException {
        Files.createDirectories(out.resolve("test"));
        int number = 0;
        List<Scenario.Trial> trials = new Trials(config, corpus.kinds(), campaign.left()).of(campaign.strikes());
        try (CsvWriter csv = csv(TEST)) {
            csv.writeRecord("attack", "image", "caption", "name", "kind", "wanted");
            for (Scenario.Trial trial : trials) {
                AttackTest test = trial.marked();
                for (int i = 0; i < test.size(); i++) {
                    boolean words = !test.captions().isEmpty();
                    csv.writeRecord(
                            test.attack(),
                            words
                                    ? ""
                                    : picture("test", number++, test.pictures().get(i)),
                            words ? test.captions().get(i) : "",
                            test.truths().get(i),
                            name(corpus.kinds(), test.labels()[i]),
                            name(corpus.kinds(), test.wanted()[i]));
                }
            }
        }
    }

    private static String name(ClassList classes, int place) {
        return place < 0 ? "" : classes.names().get(place);
    }

    private String picture(String folder, int number, byte[] pixels) throws IOException {
        String name = String.format(Locale.ROOT, "%s/%06d.%s", folder, number, format);
        PictureFile.write(pixels, format, out.resolve(name));
        return name;
    }

    private CsvWriter csv(String name) throws IOException {
        return CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out.resolve(name));
    }
}
