package org.safeclip.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.Config;
import org.safeclip.attack.Backdoor;
import org.safeclip.attack.LabelConsistent;
import org.safeclip.attack.Marker;
import org.safeclip.attack.Mentions;
import org.safeclip.attack.TargetedPoison;
import org.safeclip.attack.TextTrigger;
import org.safeclip.data.ClassList;
import org.safeclip.data.HeldOut;
import org.safeclip.eval.AttackTest;

/**
 * Makes the test of every attack: the targets themselves, or the trigger on held-out pictures that no poison was made of and
 * that are not of the target.
 *
 * @param config for the draws
 * @param kinds the classes of the answers
 * @param pictures held-out ones that no poison was made of
 */
record Trials(Config config, ClassList kinds, List<HeldOut> pictures) {
    List<Scenario.Trial> of(List<Campaign.Strike> strikes) {
        return strikes.stream().map(this::trial).toList();
    }

    private Scenario.Trial trial(Campaign.Strike strike) {
        String name = strike.kind().label();
        RandomGenerator random = config.random("test " + name);
        return switch (strike.attack()) {
            case TargetedPoison poison -> new Scenario.Trial(targets(name, poison), AttackTest.none());
            case Backdoor backdoor ->
                marked(name, backdoor.marker(), others(backdoor.targetClass(), strike.wanted()), strike, random);
            case LabelConsistent attack ->
                marked(name, attack.marker(), others(attack.targetClass(), strike.wanted()), strike, random);
            case TextTrigger text -> {
                List<HeldOut> others = others(text.targetClass(), strike.wanted());
                List<String> captions = others.stream().map(HeldOut::caption).toList();
                List<String> marked =
                        captions.stream().map(c -> text.mark(c, random)).toList();
                yield new Scenario.Trial(
                        test(name, List.of(), marked, others, strike.wanted()),
                        test(name, List.of(), captions, others, strike.wanted()));
            }
        };
    }

    private AttackTest targets(String name, TargetedPoison poison) {
        List<HeldOut> pictures = new ArrayList<>();
        int[] wanted = new int[poison.targets().size()];
        for (TargetedPoison.Target target : poison.targets()) {
            wanted[pictures.size()] = kinds.names().indexOf(target.adversarialClass());
            pictures.add(target.picture());
        }
        return new AttackTest(
                name,
                pictures.stream().map(HeldOut::pixels).toList(),
                List.of(),
                pictures.stream().map(HeldOut::name).toList(),
                pictures.stream().mapToInt(HeldOut::kind).toArray(),
                wanted);
    }

    private Scenario.Trial marked(
            String name, Marker poisons, List<HeldOut> others, Campaign.Strike strike, RandomGenerator random) {
        Marker marker = new Marker(poisons.trigger(), random.nextLong());
        List<byte[]> pictures = others.stream().map(HeldOut::pixels).toList();
        List<byte[]> stamped = IntStream.range(0, pictures.size())
                .mapToObj(i -> marker.mark(pictures.get(i), i))
                .toList();
        return new Scenario.Trial(
                test(name, stamped, List.of(), others, strike.wanted()),
                test(name, pictures, List.of(), others, strike.wanted()));
    }

    /** Held-out pictures of a known kind that is not the target, and whose caption does not name it. */
    private List<HeldOut> others(String targetClass, int wanted) {
        Mentions naming = new Mentions(targetClass);
        List<HeldOut> others = pictures.stream()
                .filter(picture -> picture.kind() >= 0 && picture.kind() != wanted && !naming.test(picture.caption()))
                .toList();
        if (others.isEmpty() && kinds.size() > 0) {
            throw new IllegalArgumentException("no held-out picture of another class than \"" + targetClass
                    + "\" is left to test the backdoor on; poison fewer (backdoorPoisons is " + config.backdoorPoisons()
                    + ") or hold out more (heldOutShare)");
        }
        return others;
    }

    private AttackTest test(
            String name, List<byte[]> pictures, List<String> captions, List<HeldOut> shown, int wanted) {
        int[] wish = new int[shown.size()];
        Arrays.fill(wish, wanted);
        List<String> truths = shown.stream().map(HeldOut::name).toList();
        int[] labels = shown.stream().mapToInt(HeldOut::kind).toArray();
        return new AttackTest(name, pictures, captions, truths, labels, wish);
    }
}
