package org.safeclip.experiments.run;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;
import org.safeclip.settings.InvalidInputException;

/**
 * The trust in every training pair at the latest split, as a csv file: one line per pair, in the order of the pairs.
 *
 * @param epoch epoch that trained on the split
 * @param pairs the pairs, in order
 */
public record TrustFile(int epoch, List<Pair> pairs) {
    private static final List<String> HEADER =
            List.of("row", "image", "caption", "similarity", "posterior", "safe", "epoch");
    private static final MathContext DIGITS = new MathContext(6);

    /**
     * A pair and the trust in it.
     *
     * @param row row in the source, as text; "" if an attack of this program appended the pair
     * @param image name of the image in the source; "" without a row
     * @param similarity cosine of image and caption
     * @param posterior probability of the mixture's component of larger similarity
     * @param safe whether it is in the safe set
     */
    public record Pair(String row, String image, String caption, double similarity, double posterior, boolean safe) {}

    /** Copies the list. */
    public TrustFile {
        pairs = List.copyOf(pairs);
    }

    /** The file that belongs to a checkpoint: "trust.csv", with the name of the method if the checkpoint has it. */
    public static Path beside(Path checkpoint) {
        String name = String.valueOf(checkpoint.getFileName());
        return checkpoint.resolveSibling(
                name.replaceFirst("^checkpoint", "trust").replaceFirst("\\.safetensors$", "") + ".csv");
    }

    /** Writes the file of a split, replacing an earlier one. */
    static void write(
            Path file, Experiment experiment, List<String> images, int epoch, PairScores scores, SafeSplit split)
            throws IOException {
        boolean[] safe = new boolean[scores.pairs()];
        for (int pair : split.safe()) {
            safe[pair] = true;
        }
        AtomicFile.write(file, out -> {
            CsvWriter csv = CsvWriter.builder().build(out);
            csv.writeRecord(HEADER);
            for (int i = 0; i < safe.length; i++) {
                csv.writeRecord(
                        experiment.row(i),
                        images.get(i),
                        experiment.pairs().caption(i),
                        rounded(scores.similarity()[i]),
                        rounded(scores.posterior()[i]),
                        Boolean.toString(safe[i]),
                        Integer.toString(epoch));
            }
            csv.flush();
        });
    }

    static String rounded(double value) {
        return Double.isFinite(value)
                ? Double.toString(new BigDecimal(value).round(DIGITS).doubleValue())
                : "";
    }

    /**
     * Reads a file written by training.
     *
     * @throws InvalidInputException if it is another file
     */
    public static TrustFile read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new InvalidInputException(
                    file + ": there is no such file; it is written when a method first splits the"
                            + " pairs, such as train --method safeclip");
        }
        List<Pair> pairs = new ArrayList<>();
        int epoch = 0;
        try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(file)) {
            boolean header = true;
            for (CsvRecord line : csv) {
                if (header) {
                    if (!line.getFields().equals(HEADER)) {
                        throw other(file, null);
                    }
                    header = false;
                    continue;
                }
                pairs.add(new Pair(
                        line.getField(0),
                        line.getField(1),
                        line.getField(2),
                        number(line.getField(3)),
                        number(line.getField(4)),
                        Boolean.parseBoolean(line.getField(5))));
                epoch = Integer.parseInt(line.getField(6));
            }
        } catch (CsvParseException | NumberFormatException | IndexOutOfBoundsException e) {
            throw other(file, e);
        }
        return new TrustFile(epoch, pairs);
    }

    private static InvalidInputException other(Path file, @Nullable Exception cause) {
        return new InvalidInputException(file + ": is not a file of trust written by this program", cause);
    }

    private static double number(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    /** Indices of the pairs, least trusted first: by posterior, equal ones by similarity. */
    public int[] leastFirst() {
        return IntStream.range(0, pairs.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> pairs.get(i).posterior())
                        .thenComparingDouble(i -> pairs.get(i).similarity()))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
