package org.safeclip.experiments.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.safeclip.selection.PairScores;

/** The scores of pairs as a csv file, one line per pair, in the order of the pairs. */
public final class ScoreFile {
    private ScoreFile() {}

    /** Writes the file, replacing an earlier one. A pair that an attack appended has neither row nor image. */
    public static void write(Path file, Experiment experiment, PairScores scores) throws IOException {
        List<String> images = ImageNames.of(experiment);
        AtomicFile.write(file, out -> {
            CsvWriter csv = CsvWriter.builder().build(out);
            csv.writeRecord("row", "image", "caption", "similarity", "posterior");
            for (int i = 0; i < scores.pairs(); i++) {
                csv.writeRecord(
                        experiment.row(i),
                        images.get(i),
                        experiment.pairs().caption(i),
                        TrustFile.rounded(scores.similarity()[i]),
                        TrustFile.rounded(scores.posterior()[i]));
            }
            csv.flush();
        });
    }
}
