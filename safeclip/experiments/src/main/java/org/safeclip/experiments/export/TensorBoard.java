package org.safeclip.experiments.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.SplitEvent;

/** Writes losses, rates, splits and scores of a run as files of TensorBoard, a folder for each method. */
public final class TensorBoard implements RunListener, AutoCloseable {
    private final Path folder;
    private @Nullable TensorBoardFile file;
    private long step;

    /** Creates the files in a folder when a method starts. */
    public TensorBoard(Path folder) {
        this.folder = folder;
    }

    @Override
    public void started(TrainingMethod method, int trained, List<String> plan) {
        try {
            close();
            file = new TensorBoardFile(folder.resolve(method.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written", e);
        }
    }

    @Override
    public void stepped(Step of) {
        step = of.taken();
        add(Map.of(
                "loss/" + of.objective(),
                (double) of.loss(),
                "training/learning rate",
                of.learningRate(),
                "training/scale",
                of.scale()));
    }

    @Override
    public void diagnosed(SplitEvent split) {
        add(Map.of("split/safe pairs", (double) split.size(), "split/mean similarity", split.meanSimilarity()));
    }

    @Override
    public void evaluated(EvaluationEvent evaluation) {
        Scores scores = evaluation.scores();
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("scores/concepts top-1", scores.fine().top1().rate());
        numbers.put("scores/kinds top-1", scores.coarse().top1().rate());
        TopK attack = scores.attack();
        if (attack != null) {
            numbers.put("scores/attack success", attack.top1().rate());
        }
        add(numbers);
    }

    private void add(Map<String, Double> numbers) {
        TensorBoardFile open = file;
        if (open != null) {
            open.add(step, numbers);
        }
    }

    @Override
    public void close() throws IOException {
        TensorBoardFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
