package org.safeclip.experiments.dataset;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import org.safeclip.data.ImageStore;

/** Keeps decoded pairs in memory. */
final class MemorySink implements DecodedPairs.Sink<byte[]> {
    private final List<byte[]> images = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final IntArrayList imageOf = new IntArrayList();
    private final IntArrayList rows = new IntArrayList();
    private final List<String> captions = new ArrayList<>();

    @Override
    public void image(byte[] pixels, String name) {
        images.add(pixels);
        names.add(name);
    }

    @Override
    public void pair(int row, int image, String caption) {
        rows.add(row);
        imageOf.add(image);
        captions.add(caption);
    }

    DecodedPairs pairs(int side, PairDecoder.Summary summary) {
        return new DecodedPairs(
                ImageStore.of(side, images),
                List.copyOf(names),
                imageOf.toIntArray(),
                rows.toIntArray(),
                List.copyOf(captions),
                summary.count(),
                summary.badImages(),
                summary.badRows());
    }
}
