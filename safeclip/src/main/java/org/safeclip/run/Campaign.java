package org.safeclip.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.safeclip.Config;
import org.safeclip.attack.Attack;
import org.safeclip.attack.Backdoor;
import org.safeclip.attack.Blended;
import org.safeclip.attack.FalseCaptions;
import org.safeclip.attack.FixedPatch;
import org.safeclip.attack.LabelConsistent;
import org.safeclip.attack.Marker;
import org.safeclip.attack.Mentions;
import org.safeclip.attack.Pgd;
import org.safeclip.attack.PoisonMask;
import org.safeclip.attack.Poisoned;
import org.safeclip.attack.RandomPatch;
import org.safeclip.attack.Sig;
import org.safeclip.attack.TargetedPoison;
import org.safeclip.attack.TextTrigger;
import org.safeclip.attack.Trigger;
import org.safeclip.attack.WaNet;
import org.safeclip.data.Corpus;
import org.safeclip.data.HeldOut;
import org.safeclip.data.Pair;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/**
 * Attacks carried out one after the other on the same pairs, every draw made by chance from the configuration's seed. Poisons are new
 * pictures: whatever held-out picture one of them is made of is lost to the tests.
 */
final class Campaign {
    private final Config config;
    private final Corpus corpus;
    private final List<HeldOut> left;
    private final List<Integer> taken = new ArrayList<>();
    private final List<Strike> strikes = new ArrayList<>();
    private final int before; // groups of the mask that came with the pairs
    private Poisoned poisoned;

    /**
     * One attack that was carried out.
     *
     * @param wanted place of its target in the list of kinds; −1 where it has many, or one that is no kind
     */
    record Strike(AttackKind kind, Attack attack, int wanted) {}

    Campaign(Config config, Corpus corpus) throws IOException {
        this.config = config;
        this.corpus = corpus;
        this.left = new ArrayList<>(corpus.heldOut());
        this.poisoned = config.poisonMask().isEmpty()
                ? Poisoned.clean(corpus.train())
                : new Poisoned(corpus.train(), new MaskFile(Path.of(config.poisonMask())).of(corpus.rows()));
        this.before = poisoned.mask().groups().size();
    }

    /** The pairs as they are now. */
    Poisoned poisoned() {
        return poisoned;
    }

    /** The groups that the attacks added to whatever mask there was before. */
    List<PoisonMask.Group> struck() {
        List<PoisonMask.Group> groups = poisoned.mask().groups();
        return groups.subList(before, groups.size());
    }

    /** Held-out pictures no poison was made of. */
    List<HeldOut> left() {
        return List.copyOf(left);
    }

    /** What was done, in order. */
    List<Strike> strikes() {
        return List.copyOf(strikes);
    }

    /** Adds the poisons of one attack. */
    void strike(AttackKind kind) {
        RandomGenerator random = config.random("attack " + kind.label());
        FalseCaptions captions = FalseCaptions.of(config.falseCaptions());
        int wanted = -1;
        Attack attack;
        if (kind == AttackKind.TARGETED) {
            List<TargetedPoison.Target> targets = TargetedPoison.draw(
                    left.stream().filter(picture -> picture.kind() >= 0).toList(),
                    corpus.kinds().names(),
                    config.targets(),
                    random);
            targets.forEach(target -> left.remove(target.picture()));
            attack = new TargetedPoison(targets, config.captionsEach(), captions);
        } else {
            boolean consistent = kind == AttackKind.LABEL_CONSISTENT || kind == AttackKind.LABEL_CONSISTENT_PGD;
            String target = target(consistent ? config.backdoorPoisons() : 1, random);
            wanted = corpus.kinds().names().indexOf(target);
            attack = consistent ? consistent(kind, target, random) : dirty(kind, target, wanted, captions, random);
        }
        poisoned = attack.apply(poisoned, random);
        strikes.add(new Strike(kind, attack, wanted));
    }

    private Attack consistent(AttackKind kind, String target, RandomGenerator random) {
        LabelConsistent.Hardening hardening =
                kind == AttackKind.LABEL_CONSISTENT ? LabelConsistent.Hardening.NONE : this::pgd;
        Marker patch = new Marker(FixedPatch.coloured(corpus.train().imageSize()), random.nextLong());
        return new LabelConsistent(kind.label(), patch, target, config.backdoorPoisons(), hardening);
    }

    /** Always on the processor: poisons do not depend on the device of whoever trains on them. */
    private List<byte[]> pgd(List<Pair> pairs) {
        if (config.surrogate().isEmpty()) {
            throw new IllegalArgumentException("label-consistent-pgd needs a model of the attacker's: train one with"
                    + " 'train --method clip --out DIR' and name it with surrogate=DIR/checkpoint.safetensors");
        }
        try (Backend processor = Backends.open("simd")) {
            SavedModel saved = SavedModel.load(Path.of(config.surrogate()), processor);
            int most = saved.config().context();
            return new Pgd(saved.model(), saved.tokenizer(), most, config.pgdEpsilon(), config.pgdSteps())
                    .harden(pairs);
        } catch (BackendUnavailable | IOException e) {
            throw new IllegalArgumentException("surrogate " + config.surrogate() + ": " + e.getMessage(), e);
        }
    }

    private Attack dirty(AttackKind kind, String target, int wanted, FalseCaptions captions, RandomGenerator random) {
        List<HeldOut> bases = Backdoor.draw(kind.label(), left, target, wanted, config.backdoorPoisons(), random);
        left.removeAll(bases);
        return kind == AttackKind.TEXT
                ? new TextTrigger(config.triggerWord(), target, bases)
                : new Backdoor(
                        kind.label(), new Marker(trigger(kind, random), random.nextLong()), target, bases, captions);
    }

    private Trigger trigger(AttackKind kind, RandomGenerator random) {
        int side = corpus.train().imageSize();
        float share = (float) config.blend();
        return switch (kind) {
            case BADNET -> FixedPatch.coloured(side);
            case BADNET_RANDOM -> RandomPatch.forSide(side);
            case BADNET_YELLOW -> FixedPatch.yellow(side);
            case BADNET_CORNERS -> FixedPatch.corners(side);
            case BLENDED -> Blended.fixed(share, side, random);
            case BLENDED_NOISE -> Blended.perImage(share);
            case WANET -> WaNet.draw(4, 0.5f, random);
            case WANET_DENSE -> WaNet.draw(side, 1, random);
            case SIG -> Sig.blended(share);
            case SIG_ADDED -> Sig.added();
            case TARGETED, LABEL_CONSISTENT, LABEL_CONSISTENT_PGD, TEXT ->
                throw new IllegalArgumentException(kind.label() + " has no trigger of its own");
        };
    }

    /** The class a backdoor opens to: the configured one, or one of the kinds that enough captions name. */
    private String target(int captions, RandomGenerator random) {
        List<String> names = corpus.kinds().names();
        String wish = config.targetClass();
        if (!wish.isEmpty()) {
            if (!names.isEmpty() && !names.contains(wish)) {
                throw new IllegalArgumentException("targetClass is \"" + wish
                        + "\", which is none of the classes tested: " + String.join(", ", names));
            }
            return wish;
        }
        int[] candidates = IntStream.range(0, names.size())
                .filter(k -> !taken.contains(k) && new Mentions(names.get(k)).rows(poisoned).length >= captions)
                .toArray();
        if (candidates.length == 0) {
            throw new IllegalArgumentException("backdoor: none of " + names.size() + " classes is named by " + captions
                    + " training captions; name one with targetClass=WORD");
        }
        int drawn = candidates[random.nextInt(candidates.length)];
        taken.add(drawn);
        return names.get(drawn);
    }
}
