package org.safeclip.experiments.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.eval.Ranking;
import org.safeclip.experiments.report.Picture;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Json;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.SavedModel;
import org.safeclip.model.ClipModel;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.train.Embeddings;

/**
 * A search page over the models of a run, side by side: type words and see pictures; choose a picture and see its nearest words.
 * The pictures are those of the training pairs and the attacked ones.
 */
public final class Explorer {
    private static final int SHOWN = 12;
    private static final int WORDS = 8;
    private static final int TRIED = 8;
    private static final int LONGEST_QUERY = 300;

    /** Of larger data sets, evenly chosen pictures are searched, and all poisons. */
    private static final int MOST_IMAGES = 20_000;

    private final Experiment experiment;
    private final List<Shown> images = new ArrayList<>();
    private final List<String> words;
    private final List<Model> models = new ArrayList<>();

    /** A picture with its caption; the attacked ones are marked. */
    private record Shown(byte[] pixels, String caption, boolean attacked) {}

    /** A model with the embeddings of all pictures and words. */
    private record Model(String title, ClipModel model, float[][] images, float[][] words) {}

    /**
     * Loads the models of a run and embeds all pictures.
     *
     * @throws InvalidInputException if the run has no checkpoint yet
     */
    public Explorer(RunFolder run, Backend backend) throws IOException {
        experiment = Experiment.of(run.config(), run.attacks());
        addImages();
        Set<String> names = new LinkedHashSet<>(experiment.coarse().classes().names());
        names.addAll(experiment.fine().classes().names());
        if (names.isEmpty()) {
            names.addAll(experiment.pairs().captions());
        }
        words = List.copyOf(names);
        int size = experiment.config().model().imageSize();
        List<byte[]> pixels = images.stream().map(Shown::pixels).toList();
        for (Map.Entry<String, Path> saved : run.checkpoints().entrySet()) {
            ClipModel model = SavedModel.load(saved.getValue(), backend).model();
            models.add(new Model(
                    MethodCatalogue.STANDARD.title(saved.getKey()),
                    model,
                    Embeddings.ofImages(model, pixels, size),
                    texts(model, words)));
        }
        if (models.isEmpty()) {
            throw new InvalidInputException(run.folder() + ": has no checkpoint yet; train for an epoch first");
        }
    }

    private void addImages() {
        PairSet pairs = experiment.pairs();
        var poisons = experiment.mask().rows();
        int[] shown = IntStream.of(pairs.firstShown()).distinct().toArray();
        int every = (shown.length + MOST_IMAGES - 1) / MOST_IMAGES;
        IntStream.range(0, shown.length)
                .filter(n -> n % every == 0 || poisons.get(shown[n]))
                .map(n -> shown[n])
                .forEach(i -> images.add(new Shown(pairs.image(i), pairs.caption(i), poisons.get(i))));
        AttackTestSet test = experiment.attackTest();
        if (test.withoutTrigger() != null) { // other targets are among the poisons already
            for (int i = 0; i < test.images().size(); i++) {
                images.add(new Shown(test.images().get(i), test.truths().get(i) + ", with the trigger", true));
            }
        }
    }

    private float[][] texts(ClipModel model, List<String> texts) {
        return Embeddings.ofCaptions(
                model,
                texts,
                experiment.tokenizer(),
                experiment.config().model().text().context());
    }

    /** Number of pictures that are searched. */
    public int size() {
        return images.size();
    }

    /** Answers the requests of the page. */
    public void serveOn(LocalServer server) {
        server.answer("/", _ -> LocalServer.Content.html(resource("explore.html")));
        server.answer("/explore.js", _ -> new LocalServer.Content("text/javascript", resource("explore.js")));
        server.answer("/style.css", _ -> new LocalServer.Content("text/css", resource("explore.css")));
        server.answer("/about", _ -> LocalServer.Content.json(about()));
        server.answer("/search", query -> LocalServer.Content.json(search(query.getOrDefault("q", ""))));
        server.answer("/nearest", query -> LocalServer.Content.json(nearest(query.getOrDefault("image", ""))));
    }

    /** What the page needs at its start: the attack, and what the attacker wants, where it shows best first. */
    synchronized String about() {
        AttackTestSet test = experiment.attackTest();
        List<String> classes = experiment.coarse().classes().names();
        Map<String, Long> found = new LinkedHashMap<>();
        for (int wanted : test.wanted()) {
            found.computeIfAbsent(classes.get(wanted), this::attackersPictures);
        }
        List<String> wanted = found.keySet().stream()
                .sorted(Comparator.comparingLong((String name) -> found.get(name))
                        .reversed())
                .limit(TRIED)
                .toList();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("attack", experiment.attackLabel());
        about.put("pictures", images.size());
        about.put("wanted", wanted);
        about.put("models", models.stream().map(Model::title).toList());
        return Json.ROUNDED.writeValueAsString(about);
    }

    /** The attacker's pictures among those that the first model finds for a text. */
    private long attackersPictures(String text) {
        Model first = models.getFirst();
        float[] scores = cosines(texts(first.model(), List.of(text))[0], first.images());
        return IntStream.of(Ranking.top(scores, 0, scores.length, Math.min(SHOWN, scores.length)))
                .filter(i -> images.get(i).attacked())
                .count();
    }

    /** The pictures nearest to a text, by model. */
    synchronized String search(String text) {
        if (text.isBlank() || text.length() > LONGEST_QUERY) {
            throw new InvalidInputException(
                    "the words to search have " + text.length() + " characters, expected 1 to " + LONGEST_QUERY);
        }
        List<Object> columns = new ArrayList<>();
        for (Model model : models) {
            float[] scores = cosines(texts(model.model(), List.of(text))[0], model.images());
            List<Object> found = new ArrayList<>();
            for (int i : Ranking.top(scores, 0, scores.length, Math.min(SHOWN, scores.length))) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("image", i);
                one.put("src", Picture.dataUri(images.get(i).pixels()));
                one.put("caption", images.get(i).caption());
                one.put("attacked", images.get(i).attacked());
                one.put("similarity", scores[i]);
                found.add(one);
            }
            columns.add(Map.of("title", model.title(), "pictures", found));
        }
        return Json.ROUNDED.writeValueAsString(columns);
    }

    /** The words nearest to a picture, by model. */
    String nearest(String image) {
        int index = image.matches("\\d{1,9}") ? Integer.parseInt(image) : -1;
        if (index < 0 || index >= images.size()) {
            throw new InvalidInputException("there is no picture " + image + "; there are " + images.size());
        }
        List<Object> columns = new ArrayList<>();
        for (Model model : models) {
            float[] scores = cosines(model.images()[index], model.words());
            List<Object> found = new ArrayList<>();
            for (int i : Ranking.top(scores, 0, scores.length, Math.min(WORDS, scores.length))) {
                found.add(Map.of("word", words.get(i), "similarity", scores[i]));
            }
            columns.add(Map.of("title", model.title(), "words", found));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("src", Picture.dataUri(images.get(index).pixels()));
        answer.put("caption", images.get(index).caption());
        answer.put("attacked", images.get(index).attacked());
        answer.put("models", columns);
        return Json.ROUNDED.writeValueAsString(answer);
    }

    private static float[] cosines(float[] of, float[][] all) {
        float[] scores = new float[all.length];
        for (int i = 0; i < all.length; i++) {
            for (int j = 0; j < of.length; j++) {
                scores[i] += of[j] * all[i][j];
            }
        }
        return scores;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Explorer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the file " + name + " is missing from this build; rebuild the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
