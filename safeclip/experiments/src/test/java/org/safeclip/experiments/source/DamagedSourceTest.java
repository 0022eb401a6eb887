package org.safeclip.experiments.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.settings.InvalidInputException;

/** Files cut off anywhere or with flipped bytes give pairs, reasons, or one refusal that names the file; never another failure. */
class DamagedSourceTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "csv/train.csv",
                "openclip/train.tsv",
                "cc3m/Train_GCC-training.tsv",
                "coco/annotations/captions_train2017.json",
                "vg/region_descriptions.json",
                "wds/00000.tar",
                "parquet/struct.parquet",
                "parquet/bytes.parquet"
            })
    void damageIsRefusedOrCounted(String name) throws Exception {
        byte[] whole = Files.readAllBytes(SourceFixtures.folder().resolve(name));
        SplittableRandom random = new SplittableRandom(name.hashCode());
        for (int i = 0; i < 70; i++) {
            byte[] damaged = Arrays.copyOf(whole, i < 20 ? whole.length * i / 20 : whole.length);
            for (int flip = 0; flip < i - 19; flip++) {
                damaged[random.nextInt(i % 2 == 0 ? Math.min(1024, whole.length) : whole.length)] ^=
                        (byte) (1 << random.nextInt(8));
            }
            Path file = Files.write(folder.resolve("damaged"), damaged);
            if (name.contains("parquet") && damaged.length > 3) { // not taken for a list: that is what is tested
                System.arraycopy(whole, 0, damaged, 0, 4);
                Files.write(file, damaged);
            }
            try {
                read(file);
            } catch (InvalidInputException e) {
                assertThat(e.getMessage()).as("damage %d", i).contains(file.toString());
            }
        }
    }

    private static void read(Path file) throws IOException {
        Source source = SourceCatalogue.STANDARD.open(file.toString());
        int[] pairs = {0};
        int rows = source.read(pair -> {
            pairs[0]++;
            try {
                assertThat(pair.picture().decode().square(4)).hasSize(48);
            } catch (ImageFile.Unreadable e) {
                assertThat(e.reason()).isNotBlank();
            }
        });
        assertThat(rows).isGreaterThanOrEqualTo(pairs[0]);
    }
}
