package org.safeclip.run;

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
import org.junit.jupiter.params.provider.EnumSource;
import org.safeclip.Config;
import org.safeclip.ConfigFile;
import org.safeclip.attack.PoisonCount;
import org.safeclip.attack.PoisonMask;
import org.safeclip.attack.Verified;
import org.safeclip.data.Corpus;
import org.safeclip.data.CsvCorpus;
import org.safeclip.data.CsvPairs;
import org.safeclip.data.Pair;
import org.safeclip.data.PairSet;
import org.safeclip.data.PictureFile;
import org.safeclip.eval.AttackTest;

/** Every attack on the embedded pictures: what it changes, what it is tested on, and what is written of it. */
class ScenarioTest {
    private static final Config CONFIG = ConfigFile.preset(
            "tiny",
            List.of("captionsPerPicture=1", "captionsEach=5", "targets=4", "backdoorPoisons=40", "vocabulary=520"));
    private static final Corpus CORPUS = corpus();

    @TempDir
    private Path folder;

    private static Corpus corpus() {
        try {
            return Scenario.corpus(CONFIG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(value = AttackKind.class, mode = EnumSource.Mode.EXCLUDE, names = "LABEL_CONSISTENT_PGD")
    void theMaskIsWhatChangedAndTestsAreNew(AttackKind kind) throws Exception {
        Scenario scenario = Scenario.of(CONFIG, CORPUS, List.of(kind));
        PairSet clean = CORPUS.train();
        PairSet pairs = scenario.pairs();
        Set<ByteBuffer> seen = new HashSet<>();
        BitSet changed = new BitSet();
        for (int i = 0; i < pairs.size(); i++) {
            boolean same = i < clean.size()
                    && clean.caption(i).equals(pairs.caption(i))
                    && Arrays.equals(clean.image(i), pairs.image(i));
            changed.set(i, !same);
            seen.add(ByteBuffer.wrap(pairs.image(i)));
        }
        assertThat(scenario.mask().rows()).isEqualTo(changed);
        for (byte[] picture : scenario.kinds().pictures()) {
            assertThat(seen.contains(ByteBuffer.wrap(picture))).isFalse();
        }
        for (byte[] picture : scenario.concepts().pictures()) {
            assertThat(seen.contains(ByteBuffer.wrap(picture))).isFalse();
        }
        AttackTest marked = scenario.trials().getFirst().marked();
        AttackTest unmarked = scenario.trials().getFirst().unmarked();
        assertThat(marked.attack()).isEqualTo(kind.label());
        for (int i = 0; i < marked.size(); i++) {
            assertThat(marked.labels()[i]).isNotNegative().isNotEqualTo(marked.wanted()[i]);
        }
        if (kind == AttackKind.TARGETED) {
            assertThat(unmarked.size()).isZero();
            assertThat(seen.contains(ByteBuffer.wrap(marked.pictures().getFirst())))
                    .isTrue();
        } else {
            assertThat(marked.size()).isEqualTo(unmarked.size()).isGreaterThan(400);
            for (byte[] picture : unmarked.pictures()) {
                assertThat(seen.contains(ByteBuffer.wrap(picture))).isFalse();
            }
            assertThat(marked.captions()).hasSameSizeAs(unmarked.captions());
            assertThat(marked.pictures().isEmpty()).isEqualTo(kind == AttackKind.TEXT);
        }
    }

    @Test
    void aPoisonIsMadeOfAHeldOutPicture() throws Exception {
        Scenario scenario = Scenario.of(CONFIG, CORPUS, List.of(AttackKind.BADNET));
        Set<String> lost = new HashSet<>();
        CORPUS.heldOut().forEach(picture -> lost.add(picture.name()));
        int tested = scenario.kinds().pictures().size();
        assertThat(scenario.mask().count()).isEqualTo(40);
        assertThat(scenario.pairs().size()).isEqualTo(CORPUS.train().size() + 40);
        assertThat(tested).isLessThan(lost.size());
        PoisonCount count = scenario.counts().getFirst();
        assertThat(count.poisons()).isEqualTo(40);
        assertThat(count.toString()).startsWith("badnet: 40 poisons for \"").contains("clean pairs that name it");
    }

    @Test
    void attacksStackWithoutChangingEachOther() throws Exception {
        List<AttackKind> both = List.of(AttackKind.TARGETED, AttackKind.WANET);
        Scenario one = Scenario.of(CONFIG, CORPUS, List.of(AttackKind.TARGETED));
        Scenario two = Scenario.of(CONFIG, CORPUS, both);
        assertThat(two.attackLabel()).isEqualTo("targeted+wanet");
        assertThat(AttackKind.parse("targeted+wanet")).isEqualTo(both);
        assertThat(two.mask().groups()).hasSize(one.mask().groups().size() + 1);
        for (int i = 0; i < one.mask().groups().size(); i++) {
            PoisonMask.Group group = one.mask().groups().get(i);
            assertThat(two.mask().groups().get(i).rows()).isEqualTo(group.rows());
            for (int row : group.rows()) {
                assertThat(two.pairs().caption(row)).isEqualTo(one.pairs().caption(row));
                assertThat(two.pairs().image(row)).isEqualTo(one.pairs().image(row));
            }
        }
        assertThat(Scenario.of(CONFIG, CORPUS, both)).satisfies(again -> {
            assertThat(again.pairs().captions()).isEqualTo(two.pairs().captions());
            assertThat(again.trials().get(1).marked().pictures().getFirst())
                    .isEqualTo(two.trials().get(1).marked().pictures().getFirst());
        });
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        refused("there is no attack 'badnat'", () -> AttackKind.parse("badnat"));
        refused("named twice", () -> AttackKind.parse(List.of("badnet", "badnet")));
        refused("needs a model of the attacker's", () -> attack(CONFIG, AttackKind.LABEL_CONSISTENT_PGD));
        Config unknown = ConfigFile.preset("tiny", List.of("targetClass=spaceship", "captionsPerPicture=1"));
        refused("\"spaceship\", which is none of the classes tested", () -> attack(unknown, AttackKind.BADNET));
        Config many = ConfigFile.preset("tiny", List.of("backdoorPoisons=5000", "captionsPerPicture=1"));
        refused("5000 pairs to poison, but only", () -> attack(many, AttackKind.BADNET));
        refused("named by 5000 training captions", () -> attack(many, AttackKind.LABEL_CONSISTENT));
    }

    private static void attack(Config config, AttackKind kind) throws Exception {
        assertThat(Scenario.of(config, CORPUS, List.of(kind)).mask().count()).isNegative();
    }

    private static void refused(String expected, ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(expected);
    }

    @Test
    void aWrittenFolderHoldsThePoisonsAndSaysSo() throws Exception {
        Corpus few = new Corpus(
                few(), new int[0], CORPUS.heldOut(), CORPUS.lessons(), CORPUS.concepts(), CORPUS.kinds(), List.of());
        List<AttackKind> attacks =
                AttackKind.parse(List.of("targeted", "blended", "wanet", "sig", "label-consistent", "text"));
        Config config = ConfigFile.preset(
                "tiny", List.of("captionsEach=3", "targets=2", "backdoorPoisons=10", "falseCaptions=templates"));
        Path out = folder.resolve("out");
        PoisonedFolder.Written written = new PoisonedFolder(config, few, attacks, "png", out).write();
        assertThat(written.pairs()).isEqualTo(1503 + 6 + 4 * 10);
        assertThat(written.poisons()).isEqualTo(6 + 5 * 10);
        assertThat(written.verified()).hasSize(6).allMatch(Verified::holds);
        assertThat(written.verified()).allMatch(found -> Math.abs(found.amplitude() - 1) < 0.02);
        List<CsvPairs.Row> rows = CsvPairs.read(out.resolve("train.csv"));
        assertThat(rows).hasSize(written.pairs());
        for (int i = 0; i < 3; i++) {
            assertThat(PictureFile.read(rows.get(i).picture()))
                    .isEqualTo(few.train().image(i));
            assertThat(rows.get(i).caption()).isEqualTo(few.train().caption(i));
        }
        assertThat(Files.readAllLines(out.resolve("mask.csv"))).hasSize(1 + written.poisons());
        assertThat(Files.readAllLines(out.resolve("test.csv")).size()).isGreaterThan(1000);
        assertThat(Files.readString(out.resolve("attacks.txt")))
                .contains("wanet: 10 of 10 poisons hold what was meant");

        Config diagnosed = ConfigFile.preset("tiny", List.of("poisonMask=" + out.resolve("mask.csv")));
        MaskFile told = new MaskFile(out.resolve("mask.csv"));
        Corpus read =
                CsvCorpus.read(out.resolve("train.csv"), 32, List.of(), 0.1, told.rows(), diagnosed.random("held out"));
        PoisonMask mask = Scenario.of(diagnosed, read, List.of()).mask();
        assertThat(mask.groups()).hasSize(7); // two targets
        for (PoisonMask.Group group : mask.groups()) {
            for (int row : group.rows()) {
                Path picture = rows.get(read.rows()[row]).picture();
                assertThat(read.train().image(row)).isEqualTo(PictureFile.read(picture));
            }
        }
        assertThat(mask.count()).as("none is held out").isEqualTo(written.poisons());
        Path foreign = Files.writeString(folder.resolve("foreign.csv"), "row,attack,target\n999999,badnet,dog\n");
        refused("is it the mask of another file", () -> new MaskFile(foreign).of(read.rows()));
        Path none = Files.writeString(folder.resolve("none.csv"), "line,attack\n3,badnet\n");
        refused("expected columns row, attack and target", () -> new MaskFile(none));

        Path again = folder.resolve("jpg");
        PoisonedFolder.Written lossy =
                new PoisonedFolder(config, few, List.of(AttackKind.LABEL_CONSISTENT), "jpg", again).write();
        assertThat(lossy.verified().getFirst().amplitude()).isLessThan(0.9);
    }

    /** 1,503 of the embedded pairs. */
    private static PairSet few() {
        PairSet all = CORPUS.train();
        return PairSet.of(
                all.imageSize(),
                IntStream.concat(IntStream.range(0, 3), IntStream.range(4000, 5500))
                        .mapToObj(i -> new Pair(all.image(i), all.caption(i)))
                        .toList());
    }
}
