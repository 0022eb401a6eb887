package org.safeclip.experiments.dataset;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.ImageHash;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.source.Picture;
import org.safeclip.experiments.source.Source;
import org.safeclip.experiments.source.SourcePair;

/**
 * Decodes every image of a source once, on all processors, and passes images and pairs on in the order of the source. Only a bounded
 * number is under way, so the memory does not depend on the length of the source.
 */
final class PairDecoder<T> implements Source.Visitor {
    private static final int WAITING_PAIRS = 4096;
    private static final int UNUSABLE = -1;

    private final Function<DecodedImage, T> prepare;
    private final DecodedPairs.Sink<T> sink;
    private final ExecutorService workers;
    private final int mostImages;
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
    private final Long2IntOpenHashMap ordinals = new Long2IntOpenHashMap(); // of an image by the hash of its name
    private final IntArrayList numbers = new IntArrayList(); // of a usable image in the sink, by ordinal
    private final LeftOut badImages = new LeftOut();
    private final LeftOut badRows = new LeftOut();
    private int usable;
    private int imagesUnderWay;

    /** A pair, with its image if it is the first to show it. */
    private record Waiting<T>(
            SourcePair pair, int ordinal, @Nullable Future<T> image) {}

    /**
     * What was decoded.
     *
     * @param count rows of the source
     * @param badImages images that cannot be used
     * @param badRows rows that are no pairs
     */
    record Summary(int count, LeftOut badImages, LeftOut badRows) {}

    private PairDecoder(
            Function<DecodedImage, T> prepare, DecodedPairs.Sink<T> sink, ExecutorService workers, int threads) {
        this.prepare = prepare;
        this.sink = sink;
        this.workers = workers;
        this.mostImages = 4 * threads;
        ordinals.defaultReturnValue(UNUSABLE);
    }

    /**
     * Decodes a source to squares of S x S pixels.
     *
     * @param sink receives images and pairs, on the calling thread
     */
    static Summary decode(Source source, int side, DecodedPairs.Sink<byte[]> sink) throws IOException {
        return decode(source, image -> image.square(side), sink);
    }

    /**
     * Decodes a source.
     *
     * @param prepare is called once for each image that can be decoded, on any thread
     * @param sink receives what it gives and the pairs, on the calling thread
     */
    static <T> Summary decode(Source source, Function<DecodedImage, T> prepare, DecodedPairs.Sink<T> sink)
            throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("decode-", 0).daemon().factory())) {
            PairDecoder<T> decoder = new PairDecoder<>(prepare, sink, workers, threads);
            try {
                int count = source.read(decoder);
                while (!decoder.waiting.isEmpty()) {
                    decoder.passOn();
                }
                return new Summary(count, decoder.badImages, decoder.badRows);
            } finally {
                workers.shutdownNow();
            }
        }
    }

    /** 64 bits that stand for the name of an image. */
    static long nameHash(String image) {
        return ImageHash.of(image.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void pair(SourcePair pair) throws IOException {
        long name = nameHash(pair.image());
        int ordinal = ordinals.get(name);
        Future<T> image = null;
        if (ordinal < 0) {
            ordinal = numbers.size();
            ordinals.put(name, ordinal);
            numbers.add(UNUSABLE);
            Picture picture = pair.picture();
            image = workers.submit(() -> prepare.apply(picture.decode()));
            imagesUnderWay++;
        }
        waiting.add(new Waiting<>(pair, ordinal, image));
        while (imagesUnderWay > mostImages || waiting.size() > WAITING_PAIRS) {
            passOn();
        }
    }

    @Override
    public void leftOut(String reason, String place) {
        badRows.add(reason, place + ": " + reason);
    }

    private void passOn() throws IOException {
        Waiting<T> first = waiting.remove();
        Future<T> image = first.image();
        if (image != null) {
            imagesUnderWay--;
            take(first.pair(), first.ordinal(), image);
        }
        int number = numbers.getInt(first.ordinal());
        if (number >= 0) {
            sink.pair(first.pair().row(), number, first.pair().caption());
        }
    }

    private static String shortName(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private void take(SourcePair pair, int ordinal, Future<T> image) throws IOException {
        try {
            sink.image(image.get(), shortName(pair.picture().name()));
            numbers.set(ordinal, usable++);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ImageFile.Unreadable unreadable) {
                badImages.add(unreadable.reason(), pair.place() + ": " + unreadable.getMessage());
            } else if (e.getCause() instanceof Error error) { // such as a lack of memory
                throw error;
            } else {
                badImages.add("cannot be decoded", pair.place() + ": " + e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while decoding images", e);
        }
    }
}
