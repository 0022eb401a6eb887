package org.safeclip.data;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Learns the merges of byte-pair encoding from words spelled as symbols, counting anew only where a merge happened. */
final class BytePairLearner {

    private record Neighbours(String left, String right) implements Comparable<Neighbours> {
        @Override
        public int compareTo(Neighbours other) {
            int byLeft = left.compareTo(other.left);
            return byLeft != 0 ? byLeft : right.compareTo(other.right);
        }
    }

    private final List<List<String>> words = new ArrayList<>();
    private final IntArrayList counts = new IntArrayList();
    private final Object2IntOpenHashMap<Neighbours> pairs = new Object2IntOpenHashMap<>();

    private BytePairLearner(Map<List<String>, Integer> spelled) {
        spelled.forEach((word, count) -> {
            words.add(word);
            counts.add(count.intValue());
            count(word, count);
        });
    }

    static List<String> learn(Map<List<String>, Integer> spelled, int limit) {
        BytePairLearner state = new BytePairLearner(spelled);
        List<String> merges = new ArrayList<>();
        while (merges.size() < limit) {
            Neighbours best = state.mostFrequent();
            if (best == null) {
                break;
            }
            merges.add(best.left() + " " + best.right());
            state.merge(best);
        }
        return merges;
    }

    private @Nullable Neighbours mostFrequent() {
        Neighbours best = null;
        int most = 1; // what occurs once is no habit of the language
        for (Object2IntMap.Entry<Neighbours> entry : pairs.object2IntEntrySet()) {
            int count = entry.getIntValue();
            boolean better = count > most
                    || (count == most && best != null && entry.getKey().compareTo(best) < 0);
            if (better) {
                best = entry.getKey();
                most = count;
            }
        }
        return best;
    }

    private void merge(Neighbours best) {
        for (int i = 0; i < words.size(); i++) {
            List<String> word = words.get(i);
            if (holds(word, best)) {
                List<String> shorter = merged(word, best);
                count(word, -counts.getInt(i));
                count(shorter, counts.getInt(i));
                words.set(i, shorter);
            }
        }
    }

    private static boolean holds(List<String> word, Neighbours pair) {
        for (int i = 0; i + 1 < word.size(); i++) {
            if (word.get(i).equals(pair.left()) && word.get(i + 1).equals(pair.right())) {
                return true;
            }
        }
        return false;
    }

    private void count(List<String> word, int times) {
        for (int i = 0; i + 1 < word.size(); i++) {
            Neighbours pair = new Neighbours(word.get(i), word.get(i + 1));
            if (pairs.addTo(pair, times) + times == 0) { // addTo returns the count before
                pairs.removeInt(pair);
            }
        }
    }

    private static List<String> merged(List<String> word, Neighbours pair) {
        List<String> out = new ArrayList<>(word.size());
        for (int i = 0; i < word.size(); i++) {
            boolean here = i + 1 < word.size()
                    && word.get(i).equals(pair.left())
                    && word.get(i + 1).equals(pair.right());
            out.add(here ? pair.left() + pair.right() : word.get(i));
            i += here ? 1 : 0;
        }
        return out;
    }
}
