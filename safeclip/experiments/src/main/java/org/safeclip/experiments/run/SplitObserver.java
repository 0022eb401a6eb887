package org.safeclip.experiments.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.eval.RankingDiagnostics;
import org.safeclip.experiments.eval.SafeContent;
import org.safeclip.experiments.eval.SplitDiagnostics;
import org.safeclip.selection.AgreementSelector;
import org.safeclip.selection.PairScores;
import org.safeclip.selection.SafeSplit;

/** Describes every split of a run: compares it with the poison mask and with the previous split. */
final class SplitObserver {
    private final BitSet poisons;
    private final boolean masked;
    private final List<SplitEvent.TargetRows> targets = new ArrayList<>();
    private final SafeContent.Pairs pairs;
    private final double vouched;
    private final int[] decoys;
    private @Nullable SafeSplit previous;

    SplitObserver(Experiment experiment) {
        PairSet set = experiment.pairs();
        poisons = experiment.mask().rows();
        masked = experiment.poisonsKnown();
        decoys = experiment.mask().decoys();
        vouched = experiment.config().agreement().vouched();
        for (PoisonMask.Group group : experiment.mask().groups()) {
            targets.add(new SplitEvent.TargetRows(group.targetClass(), group.rows()));
        }
        List<String> classes = experiment.coarse().classes().names();
        pairs = new SafeContent.Pairs(
                set.copies(),
                experiment.config().data().captionsPerImage(),
                set.captions().stream().mapToInt(SplitObserver::words).toArray(),
                classesNamed(set.captions(), classes),
                classes.size());
    }

    /** Sets the previous split when a run resumes. */
    void resumeFrom(@Nullable SafeSplit split) {
        previous = split;
    }

    /** The event of a split that was chosen by the ranking by agreement. */
    SplitEvent event(String method, int epoch, PairScores scores, SafeSplit split, float[] agreement) {
        SplitEvent event = event(method, epoch, scores, split);
        return masked
                ? event.with(RankingDiagnostics.of(
                        agreement, AgreementSelector.order(scores, agreement, vouched), scores, split, poisons))
                : event;
    }

    SplitEvent event(String method, int epoch, PairScores scores, SafeSplit split) {
        SplitDiagnostics diagnostics = SplitDiagnostics.of(scores, split, poisons, previous);
        previous = split;
        return SplitEvent.of(
                method, epoch, scores, split, diagnostics, masked, targets, decoys, SafeContent.of(split, pairs));
    }

    private static int words(String caption) {
        return (int) Arrays.stream(caption.split("\\s+"))
                .filter(word -> !word.isEmpty())
                .count();
    }

    /** The first class each caption names as a whole word, −1 for none. */
    private static int[] classesNamed(List<String> captions, List<String> classes) {
        List<String> lower =
                classes.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        Pattern any =
                Pattern.compile(lower.stream().map(Pattern::quote).collect(Collectors.joining("|", "\\b(", ")\\b")));
        return captions.stream()
                .mapToInt(caption -> {
                    Matcher named = any.matcher(caption.toLowerCase(Locale.ROOT));
                    return named.find() ? lower.indexOf(named.group(1)) : -1;
                })
                .toArray();
    }
}
