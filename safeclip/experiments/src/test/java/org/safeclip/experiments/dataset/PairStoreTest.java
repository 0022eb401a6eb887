package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.source.SourceCatalogue;
import org.safeclip.experiments.source.SourceFixtures;
import org.safeclip.settings.InvalidInputException;

/** The mapped cache gives the same pairs as memory, is built once, notices every change, and refuses damage. */
class PairStoreTest {
    private static final int SIDE = 16;

    @TempDir
    private Path folder;

    private Path data;
    private Path caches;

    @BeforeEach
    void copyFixtures() throws IOException {
        data = folder.resolve("data");
        caches = folder.resolve("caches");
        SourceFixtures.copy(SourceFixtures.folder(), data);
        Files.writeString(data.resolve("csv/images/5.jpg"), "<html>");
    }

    private DecodedPairs decoded(String place, long mostInMemory) throws IOException {
        return new PairStore(mostInMemory, caches)
                .decode(SourceCatalogue.STANDARD.open(data.resolve(place).toString()), SIDE);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(caches)) {
            return found.sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "coco", "wds", "vg/region_descriptions.json", "parquet/struct.parquet"})
    void theCacheGivesTheSamePairsAsMemory(String place) throws Exception {
        DecodedPairs memory = decoded(place, 1 << 20);
        assertThat(caches).doesNotExist();
        DecodedPairs built = decoded(place, 0);
        assertThat(files()).hasSize(1);
        FileTime time = Files.getLastModifiedTime(files().getFirst());
        for (DecodedPairs cached : List.of(built, decoded(place, 0))) {
            assertThat(cached.images()).isInstanceOf(PairCache.class);
            assertThat(cached.images().size()).isEqualTo(memory.images().size());
            assertThat(cached.imageOf()).isEqualTo(memory.imageOf());
            assertThat(cached.rows()).isEqualTo(memory.rows());
            assertThat(cached.captions()).isEqualTo(memory.captions());
            assertThat(cached.names()).isEqualTo(memory.names());
            assertThat(cached.count()).isEqualTo(memory.count());
            assertThat(cached.badImages().serialise())
                    .isEqualTo(memory.badImages().serialise());
            for (int i = 0; i < memory.images().size(); i++) {
                assertThat(cached.images().read(i)).isEqualTo(memory.images().read(i));
                assertThat(cached.images().hash(i)).isEqualTo(memory.images().hash(i));
            }
        }
        assertThat(Files.getLastModifiedTime(files().getFirst())).isEqualTo(time);
    }

    @Test
    void aDataSetIsTheSameEitherWay() throws Exception {
        Dataset memory = dataset(1 << 20);
        Dataset cached = dataset(0);
        assertThat(cached.train().captions()).isEqualTo(memory.train().captions());
        assertThat(cached.rows()).isEqualTo(memory.rows());
        assertThat(cached.heldOut()).hasSameSizeAs(memory.heldOut()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(cached.heldOut().get(i).pixels())
                    .isEqualTo(memory.heldOut().get(i).pixels());
            assertThat(cached.heldOut().get(i).name())
                    .isEqualTo(memory.heldOut().get(i).name())
                    .endsWith(".jpg");
        }
        assertThat(memory.remarks()).hasSize(2).element(1).asString().contains("1 of 24 images left out", "web page");
        assertThat(cached.remarks()).hasSize(3).last().asString().contains("kept in " + caches);
    }

    private Dataset dataset(long mostInMemory) throws IOException {
        return UserDataset.read(
                SourceCatalogue.STANDARD.open(data.resolve("csv").toString()),
                new UserDataset.Options(SIDE, List.of(), 0.15, 0.05),
                new PairStore(mostInMemory, caches),
                _ -> new BitSet(),
                new SplittableRandom(1));
    }

    @Test
    void everyChangeGivesAnotherCache() throws Exception {
        decoded("csv", 0);
        Files.copy(
                SourceFixtures.folder().resolve("csv/images/5.jpg"),
                data.resolve("csv/images/6.jpg"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(decoded("csv", 0).images().read(5))
                .isEqualTo(decoded("csv", 1 << 20).images().read(5));
        assertThat(files()).hasSize(2);
        Path list = data.resolve("csv/train.csv");
        Files.writeString(list, Files.readString(list).replace("wheelchair", "armchair"));
        assertThat(decoded("csv", 0).captions().getFirst()).contains("armchair");
        assertThat(files()).hasSize(3);
        decoded("wds", 0);
        Files.setLastModifiedTime(data.resolve("wds/00001.tar"), FileTime.fromMillis(7));
        decoded("wds", 0);
        assertThat(files()).hasSize(5).allMatch(file -> file.toString().endsWith(".pairs"));
    }

    @Test
    void damageIsRefused() throws Exception {
        decoded("wds", 0);
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(1);
        int tables = PairCache.HEADER + 24 * SIDE * SIDE * 3;
        for (int i = 0; i < 60; i++) {
            byte[] damaged = whole.clone();
            boolean inImages = i % 3 == 0;
            int at = inImages
                    ? PairCache.HEADER + random.nextInt(24 * SIDE * SIDE * 3)
                    : i % 3 == 1 ? tables + random.nextInt(whole.length - tables) : random.nextInt(144);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.delete(file); // the one before is still mapped
            Files.write(file, damaged);
            assertThatThrownBy(() -> {
                        DecodedPairs pairs = decoded("wds", 0);
                        pairs.images().read((at - PairCache.HEADER) / (SIDE * SIDE * 3));
                    })
                    .as("byte %d", at)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("delete it");
        }
    }
}
