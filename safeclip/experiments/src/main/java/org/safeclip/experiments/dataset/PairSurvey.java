package org.safeclip.experiments.dataset;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.safeclip.data.ImageHash;
import org.safeclip.experiments.source.Source;
import org.safeclip.experiments.source.SourcePair;

/**
 * A source read once without opening an image.
 *
 * @param images number of images named
 * @param pairs number of pairs
 * @param key SHA-256 of all that decides what decoding gives: pairs in order, and sizes and times of the images and archives
 */
record PairSurvey(int images, int pairs, String key) {
    private static final int DECODER = 1; // changes when images decode to other pixels

    /** Surveys a source for images of S x S pixels. */
    static PairSurvey of(Source source, int side) throws IOException {
        MessageDigest digest = ImageHash.sha256();
        put(digest, "decoder " + DECODER + ", side " + side + ", " + source.format());
        for (Path file : source.files()) {
            put(
                    digest,
                    file.toAbsolutePath() + " " + Files.size(file) + " "
                            + Files.getLastModifiedTime(file).toMillis());
        }
        LongOpenHashSet names = new LongOpenHashSet();
        int[] pairs = {0};
        source.read(new Source.Visitor() {
            @Override
            public void pair(SourcePair pair) {
                pairs[0]++;
                if (names.add(PairDecoder.nameHash(pair.image()))) {
                    put(digest, pair.picture().stamp());
                }
                put(digest, pair.row() + " " + pair.image() + "\0" + pair.caption());
            }

            @Override
            public void leftOut(String reason, String place) {
                put(digest, reason + place);
            }
        });
        return new PairSurvey(names.size(), pairs[0], HexFormat.of().formatHex(digest.digest()));
    }

    private static void put(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
