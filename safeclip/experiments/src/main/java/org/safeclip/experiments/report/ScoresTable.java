package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.Recall;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.run.MethodCatalogue;

/** Everything models were asked: a row a question, a column a model, each rate with its interval and both its counts. */
public final class ScoresTable {
    /** One row. */
    private record Question(String name, Function<Scores, @Nullable Interval> answer) {}

    private static final List<Question> QUESTIONS = questions();

    private ScoresTable() {}

    /** Aligned columns, ending with a line feed; questions nobody was asked are left out. */
    public static String text(Map<String, Scores> models) {
        return TextTable.text(lines(models));
    }

    /** Headings, then the rows. */
    static List<List<String>> lines(Map<String, Scores> models) {
        List<List<String>> lines = new ArrayList<>();
        List<String> headings = new ArrayList<>(List.of("Asked"));
        models.keySet().forEach(name -> headings.add(MethodCatalogue.STANDARD.title(name)));
        lines.add(headings);
        for (Question question : QUESTIONS) {
            List<String> line = new ArrayList<>(List.of(question.name()));
            boolean answered = false;
            for (Scores scores : models.values()) {
                Interval answer = question.answer().apply(scores);
                answered |= answer != null;
                line.add(answer == null ? Numbers.NONE : Numbers.rate(answer));
            }
            if (answered) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        topK(questions, "Concepts", Scores::fine);
        topK(questions, "Kinds", Scores::coarse);
        questions.add(new Question("Kinds, linear probe", Scores::linearProbe));
        recall(questions, "Captions of a picture", Retrieval::imageToText);
        recall(questions, "Picture of a caption", Retrieval::textToImage);
        attack(questions, "Attack success", TopK::top1);
        attack(questions, "Attack, wanted in first 3", TopK::top3);
        attack(questions, "Attack, wanted in first 5", TopK::top5);
        questions.add(new Question("Attacked, true kind", Scores::truth));
        return List.copyOf(questions);
    }

    private static void topK(List<Question> questions, String of, Function<Scores, TopK> choice) {
        questions.add(
                new Question(of + ", top-1", scores -> choice.apply(scores).top1()));
        questions.add(
                new Question(of + ", top-3", scores -> choice.apply(scores).top3()));
        questions.add(
                new Question(of + ", top-5", scores -> choice.apply(scores).top5()));
        questions.add(
                new Question(of + ", top-10", scores -> choice.apply(scores).top10()));
    }

    private static void recall(List<Question> questions, String of, Function<Retrieval, Recall> way) {
        found(questions, of + ", R@1", way, Recall::at1);
        found(questions, of + ", R@5", way, Recall::at5);
        found(questions, of + ", R@10", way, Recall::at10);
    }

    private static void found(
            List<Question> questions, String name, Function<Retrieval, Recall> way, Function<Recall, Interval> at) {
        questions.add(new Question(name, scores -> {
            Retrieval retrieval = scores.retrieval();
            return retrieval == null ? null : at.apply(way.apply(retrieval));
        }));
    }

    private static void attack(List<Question> questions, String name, Function<TopK, Interval> among) {
        questions.add(new Question(name, scores -> {
            TopK attack = scores.attack();
            return attack == null ? null : among.apply(attack);
        }));
    }
}
