package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.attack.MaskFile;
import org.safeclip.experiments.attack.PoisonCount;
import org.safeclip.experiments.attack.PoisonMask;
import org.safeclip.experiments.attack.Verification;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.PairStore;
import org.safeclip.experiments.dataset.UserDataset;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.source.CsvPairs;
import org.safeclip.experiments.source.SourceCatalogue;
import org.safeclip.settings.Settings;

/** Every attack on the embedded images: the changed pairs, the test set, and the written folder. */
class ExperimentTest {
    private static final ExperimentConfig CONFIG = ConfigFile.preset(
            "tiny",
            List.of(
                    "data.captionsPerImage=1",
                    "attack.captionsPerTarget=5",
                    "attack.targets=4",
                    "attack.poisons=40",
                    "model.text.vocabulary=520"));
    private static final Dataset DATASET = dataset();

    @TempDir
    private Path folder;

    private static Dataset dataset() {
        try {
            return Experiment.dataset(CONFIG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All attacks but the one that needs a surrogate model. */
    static List<String> attacks() {
        return AttackCatalogue.STANDARD.names().stream()
                .filter(name -> !name.equals("label-consistent-pgd"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void maskListsTheChangesAndTestImagesAreUnseen(String attack) throws Exception {
        Experiment experiment = Experiment.of(CONFIG, DATASET, List.of(attack));
        PairSet clean = DATASET.train();
        PairSet pairs = experiment.pairs();
        Set<ByteBuffer> seen = new HashSet<>();
        BitSet changed = new BitSet();
        for (int i = 0; i < pairs.size(); i++) {
            boolean same = i < clean.size()
                    && clean.caption(i).equals(pairs.caption(i))
                    && Arrays.equals(clean.image(i), pairs.image(i));
            changed.set(i, !same);
            seen.add(ByteBuffer.wrap(pairs.image(i)));
        }
        assertThat(experiment.mask().rows()).isEqualTo(changed);
        for (byte[] image : experiment.coarse().images()) {
            assertThat(seen.contains(ByteBuffer.wrap(image))).isFalse();
        }
        for (byte[] image : experiment.fine().images()) {
            assertThat(seen.contains(ByteBuffer.wrap(image))).isFalse();
        }
        AttackTestSet marked = experiment.attackTest();
        AttackTestSet unmarked = marked.withoutTrigger();
        assertThat(marked.attack()).isEqualTo(attack);
        for (int i = 0; i < marked.size(); i++) {
            assertThat(marked.labels()[i]).isNotNegative().isNotEqualTo(marked.wanted()[i]);
        }
        if (attack.startsWith("targeted")) {
            assertThat(unmarked).isNull();
            assertThat(seen.contains(ByteBuffer.wrap(marked.images().getFirst())))
                    .as("its images are trained on, or near-duplicates of them")
                    .isEqualTo(attack.equals("targeted") || attack.equals("targeted-mixed"));
        } else {
            assertThat(marked.size()).isEqualTo(unmarked.size()).isGreaterThan(400);
            for (byte[] image : unmarked.images()) {
                assertThat(seen.contains(ByteBuffer.wrap(image))).isFalse();
            }
            assertThat(marked.captions()).hasSameSizeAs(unmarked.captions());
            assertThat(marked.images().isEmpty()).isEqualTo(attack.startsWith("text"));
        }
    }

    @Test
    void poisonsUseHeldOutImages() throws Exception {
        Experiment experiment = Experiment.of(CONFIG, DATASET, List.of("badnet"));
        Set<String> lost = new HashSet<>();
        DATASET.heldOut().forEach(image -> lost.add(image.name()));
        int tested = experiment.coarse().images().size();
        assertThat(experiment.mask().count()).isEqualTo(40);
        assertThat(experiment.pairs().size()).isEqualTo(DATASET.train().size() + 40);
        assertThat(tested).isLessThan(lost.size());
        PoisonCount count = experiment.counts().getFirst();
        assertThat(count.poisons()).isEqualTo(40);
        assertThat(count.toString()).startsWith("badnet: 40 poisons for \"").contains("clean pairs that name it");
    }

    @Test
    void combinedAttacksAreIndependent() throws Exception {
        List<String> both = List.of("targeted", "wanet");
        Experiment one = Experiment.of(CONFIG, DATASET, List.of("targeted"));
        Experiment two = Experiment.of(CONFIG, DATASET, both);
        assertThat(two.attackLabel()).isEqualTo("targeted+wanet");
        assertThat(AttackCatalogue.STANDARD.parse(List.of("targeted+wanet"))).isEqualTo(both);
        assertThat(two.mask().groups()).hasSize(one.mask().groups().size() + 1);
        for (int i = 0; i < one.mask().groups().size(); i++) {
            PoisonMask.Group group = one.mask().groups().get(i);
            assertThat(two.mask().groups().get(i).rows()).isEqualTo(group.rows());
            for (int row : group.rows()) {
                assertThat(two.pairs().caption(row)).isEqualTo(one.pairs().caption(row));
                assertThat(two.pairs().image(row)).isEqualTo(one.pairs().image(row));
            }
        }
        assertThat(Experiment.of(CONFIG, DATASET, both)).satisfies(again -> {
            assertThat(again.pairs().captions()).isEqualTo(two.pairs().captions());
            assertThat(again.tests().get(1).images().getFirst())
                    .isEqualTo(two.tests().get(1).images().getFirst());
        });
    }

    /** Honest pairs of the poisons' artist: they keep their caption, count as clean, and are tested on no more. */
    @Test
    void decoysAreHonestPairsBesideThePoisons() throws Exception {
        Experiment without = Experiment.of(CONFIG, DATASET, List.of("badnet"));
        ExperimentConfig config = Settings.with(CONFIG, "attack", Settings.with(CONFIG.attack(), "decoys", 30));
        Experiment with = Experiment.of(config, DATASET, List.of("badnet"));
        int[] decoys = with.mask().decoys();
        assertThat(decoys).hasSize(30);
        assertThat(with.pairs().size()).isEqualTo(without.pairs().size() + 30);
        assertThat(with.mask().rows()).isEqualTo(without.mask().rows());
        for (int row : decoys) {
            byte[] pixels = with.pairs().image(row);
            assertThat(DATASET.heldOut())
                    .anyMatch(image -> Arrays.equals(image.pixels(), pixels)
                            && image.captions().contains(with.pairs().caption(row)));
            assertThat(with.fine().images()).noneMatch(image -> Arrays.equals(image, pixels));
        }
        refused(
                "attack.decoys is 100000, expected at most the",
                () -> Experiment.of(
                        Settings.with(CONFIG, "attack", Settings.with(CONFIG.attack(), "decoys", 100_000)),
                        DATASET,
                        List.of("badnet")));
        refused("decoys", () -> Settings.with(Settings.with(CONFIG.attack(), "decoys", 30), "planted", false));
    }

    @Test
    void invalidAttacksAreRefused() throws Exception {
        refused("there is no attack 'badnat'", () -> AttackCatalogue.STANDARD.parse(List.of("badnat")));
        refused("named twice", () -> AttackCatalogue.STANDARD.parse(List.of("badnet", "badnet")));
        refused("needs a surrogate model", () -> attack(CONFIG, "label-consistent-pgd"));
        ExperimentConfig unknown =
                ConfigFile.preset("tiny", List.of("attack.targetClass=spaceship", "data.captionsPerImage=1"));
        refused(
                "attack.targetClass is \"spaceship\", expected one of the classes tested: ",
                () -> attack(unknown, "badnet"));
        ExperimentConfig many = ConfigFile.preset("tiny", List.of("attack.poisons=5000", "data.captionsPerImage=1"));
        refused("5000 pairs to poison, but only", () -> attack(many, "badnet"));
        refused("named by 5000 training captions", () -> attack(many, "label-consistent"));
    }

    private static void attack(ExperimentConfig config, String attack) throws Exception {
        assertThat(Experiment.of(config, DATASET, List.of(attack)).mask().count())
                .isNegative();
    }

    private static void refused(String expected, ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(expected);
    }

    @Test
    void writtenFoldersContainThePoisons() throws Exception {
        Dataset few = new Dataset(
                few(), new int[0], DATASET.heldOut(), DATASET.labelled(), DATASET.fine(), DATASET.coarse(), List.of());
        List<String> attacks = AttackCatalogue.STANDARD.parse(
                List.of("targeted", "blended", "wanet", "sig", "label-consistent", "text"));
        ExperimentConfig config = ConfigFile.preset(
                "tiny",
                List.of(
                        "attack.captionsPerTarget=3",
                        "attack.targets=2",
                        "attack.poisons=10",
                        "attack.captions=templates"));
        Path out = folder.resolve("out");
        PoisonedFolder.Written written = new PoisonedFolder(config, few, attacks, "png", out).write();
        assertThat(written.pairs()).isEqualTo(1503 + 6 + 4 * 10);
        assertThat(written.poisons()).isEqualTo(6 + 5 * 10);
        assertThat(written.verified()).hasSize(6).allMatch(Verification::holds);
        assertThat(written.verified()).allMatch(found -> Math.abs(found.amplitude() - 1) < 0.02);
        List<CsvPairs.Row> rows = CsvPairs.read(out.resolve("train.csv"));
        assertThat(rows).hasSize(written.pairs());
        for (int i = 0; i < 3; i++) {
            assertThat(ImageFile.read(rows.get(i).image()))
                    .isEqualTo(few.train().image(i));
            assertThat(rows.get(i).caption()).isEqualTo(few.train().caption(i));
        }
        assertThat(Files.readAllLines(out.resolve("mask.csv"))).hasSize(1 + written.poisons());
        assertThat(Files.readAllLines(out.resolve("test.csv")).size()).isGreaterThan(1000);
        assertThat(Files.readString(out.resolve("attacks.txt"))).contains("wanet: 10 of 10 poisons are intact");

        ExperimentConfig diagnosed = ConfigFile.preset("tiny", List.of("data.poisonMask=" + out.resolve("mask.csv")));
        MaskFile maskFile = new MaskFile(out.resolve("mask.csv"));
        Dataset read = UserDataset.read(
                SourceCatalogue.STANDARD.open(out.resolve("train.csv").toString()),
                new UserDataset.Options(32, List.of(), 0.1, 0),
                new PairStore(1 << 30, folder),
                maskFile::rows,
                diagnosed.key().fold("held out").random());
        PoisonMask mask = Experiment.of(diagnosed, read, List.of()).mask();
        assertThat(mask.groups()).hasSize(7); // two targets
        for (PoisonMask.Group group : mask.groups()) {
            for (int row : group.rows()) {
                Path image = rows.get(read.rows()[row]).image();
                assertThat(read.train().image(row)).isEqualTo(ImageFile.read(image));
            }
        }
        assertThat(mask.count()).as("none is held out").isEqualTo(written.poisons());
        Path foreign = Files.writeString(folder.resolve("foreign.csv"), "row,attack,target\n999999,badnet,dog\n");
        refused("is it the mask of another file", () -> new MaskFile(foreign).of(read.rows()));
        Path none = Files.writeString(folder.resolve("none.csv"), "line,attack\n3,badnet\n");
        refused("expected columns row, attack and target", () -> new MaskFile(none));

        Path again = folder.resolve("jpg");
        PoisonedFolder.Written lossy =
                new PoisonedFolder(config, few, List.of("label-consistent"), "jpg", again).write();
        assertThat(lossy.verified().getFirst().amplitude()).isLessThan(0.9);
    }

    /** 1,503 of the embedded pairs. */
    private static PairSet few() {
        PairSet all = DATASET.train();
        return PairSet.of(
                all.imageSize(),
                IntStream.concat(IntStream.range(0, 3), IntStream.range(4000, 5500))
                        .mapToObj(i -> new Pair(all.image(i), all.caption(i)))
                        .toList());
    }
}
