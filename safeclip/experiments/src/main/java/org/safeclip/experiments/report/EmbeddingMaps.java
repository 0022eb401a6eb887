package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.eval.Evaluation;
import org.safeclip.experiments.report.ReportData.EmbeddingMap;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.model.ClipModel;
import org.safeclip.train.Embeddings;

/** Maps the image embeddings of several models: images of the class that an attacker wants, attacked ones, and others. */
final class EmbeddingMaps {
    /** Most images of other classes. */
    private static final int OTHERS = 500;

    /** Most attacked images. */
    private static final int ATTACKED = 40;

    private final Experiment experiment;
    private final List<EmbeddingMap> maps = new ArrayList<>();

    EmbeddingMaps(Experiment experiment) {
        this.experiment = experiment;
    }

    void addTrained(String method, ClipModel model) {
        add(MethodCatalogue.STANDARD.title(method), model);
    }

    /** Adds the map of a model; does nothing without labelled images or attacked ones. */
    void add(String title, ClipModel model) {
        Evaluation.TestSet known = experiment.probeAndGallery().labelled();
        AttackTestSet test = experiment.attackTest();
        if (known.images().isEmpty() || test.images().isEmpty()) {
            return;
        }
        int wanted = test.wanted()[0];
        List<byte[]> ofWanted = images(known, wanted, true, OTHERS);
        List<byte[]> others = images(known, wanted, false, OTHERS);
        List<byte[]> attacked = IntStream.range(0, test.images().size())
                .filter(i -> test.wanted()[i] == wanted)
                .limit(ATTACKED)
                .mapToObj(test.images()::get)
                .toList();
        int size = experiment.config().model().imageSize();
        List<byte[]> all = new ArrayList<>(others);
        all.addAll(ofWanted);
        float[][] embedded = Embeddings.ofImages(model, all, size);
        Pca plane = new Pca(embedded);
        double[][] points = plane.project(embedded);
        maps.add(new EmbeddingMap(
                title,
                experiment.coarse().classes().names().get(wanted),
                Arrays.copyOfRange(points, 0, others.size()),
                Arrays.copyOfRange(points, others.size(), points.length),
                plane.project(Embeddings.ofImages(model, attacked, size))));
    }

    private static List<byte[]> images(Evaluation.TestSet known, int wanted, boolean of, int most) {
        int[] chosen = IntStream.range(0, known.images().size())
                .filter(i -> (known.labels()[i] == wanted) == of)
                .toArray();
        int every = Math.max(1, (chosen.length + most - 1) / most);
        return IntStream.range(0, chosen.length)
                .filter(i -> i % every == 0)
                .mapToObj(i -> known.images().get(chosen[i]))
                .toList();
    }

    List<EmbeddingMap> maps() {
        return maps;
    }
}
