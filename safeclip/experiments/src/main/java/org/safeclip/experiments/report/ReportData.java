package org.safeclip.experiments.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.Result;

/**
 * All that a report shows of a run. Lists may be empty where something is not known, or not yet.
 *
 * @param subject what was trained and attacked
 * @param result result of all methods; null before they are finished, or if no attack was tested
 * @param events events of the run, in order
 * @param attacked attacked images: all targets, or a sample of triggered images
 * @param poisons a sample of the poisoned pairs, as training saw them
 * @param trust the least and most trusted pairs, by method
 * @param maps maps of the image embeddings, in order
 * @param choices what each model prefers for the attacked images
 * @param configuration all settings as text
 * @param note a warning shown with the verdict, such as that this was the short version; "" for none
 */
public record ReportData(
        Subject subject,
        @Nullable Result result,
        List<Event> events,
        List<AttackedImage> attacked,
        List<PoisonedPair> poisons,
        List<TrustedPairs> trust,
        List<EmbeddingMap> maps,
        List<Choices> choices,
        String configuration,
        String note) {

    /** Copies the lists. */
    public ReportData {
        events = List.copyOf(events);
        attacked = List.copyOf(attacked);
        poisons = List.copyOf(poisons);
        trust = List.copyOf(trust);
        maps = List.copyOf(maps);
        choices = List.copyOf(choices);
    }

    /**
     * What was trained and attacked.
     *
     * @param attack label of the attacks, "none" without one
     * @param seed random seed
     * @param source name of the data set
     * @param pairs N, pairs of the training set
     * @param poisons number of known poisons; 0 if there are none or they are not known
     * @param poisonsKnown whether it is known which pairs are poisons
     * @param remarks messages about reading the data, such as what was left out and why
     */
    public record Subject(
            String attack,
            long seed,
            String source,
            int pairs,
            int poisons,
            boolean poisonsKnown,
            List<String> remarks) {
        /** Copies the list. */
        public Subject {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * A picture with its caption.
     *
     * @param pixels 8-bit RGB, {@code [side, side, 3]}
     * @param caption false caption, as training saw it
     * @param wanted class that the attacker wants
     */
    public record PoisonedPair(byte[] pixels, String caption, String wanted) {}

    /**
     * The pairs at both ends of a method's ranking.
     *
     * @param method name of the method
     * @param epoch epoch of the ranking
     * @param least least trusted pairs, least first
     * @param most most trusted pairs, most first
     */
    public record TrustedPairs(String method, int epoch, List<Trusted> least, List<Trusted> most) {}

    /**
     * A pair and how far it is trusted.
     *
     * @param pixels 8-bit RGB, {@code [side, side, 3]}
     * @param caption caption
     * @param similarity cosine of image and caption
     * @param posterior probability of the component of larger similarity
     * @param safe whether it is in the safe set
     * @param poison whether it is a poison; null if that is not known
     */
    public record Trusted(
            byte[] pixels,
            String caption,
            double similarity,
            double posterior,
            boolean safe,
            @Nullable Boolean poison) {}

    /**
     * The embeddings of images in the plane of their two largest principal components.
     *
     * @param title such as "CLIP, trained"
     * @param wanted class that the attacker wants
     * @param others points of other images, {@code [n][2]}
     * @param ofWanted points of images of the wanted class, {@code [n][2]}
     * @param attacked points of the attacked images, {@code [n][2]}
     */
    public record EmbeddingMap(
            String title, String wanted, double[][] others, double[][] ofWanted, double[][] attacked) {}

    /**
     * How similar a model finds each attacked image to its true class and to the wanted one.
     *
     * @param method name of the method
     * @param truth cosine with the true class, {@code [n]}
     * @param wanted cosine with the class that the attacker wants, {@code [n]}
     * @param fooled whether that class is the nearest of all, {@code [n]}
     */
    public record Choices(String method, double[] truth, double[] wanted, boolean[] fooled) {}
}
