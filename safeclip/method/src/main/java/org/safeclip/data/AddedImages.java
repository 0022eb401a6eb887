package org.safeclip.data;

/**
 * The images of a store followed by some in memory.
 *
 * @param base the store
 * @param more the images behind its last
 */
record AddedImages(ImageStore base, MemoryImages more) implements ImageStore {
    /** A store followed by images in memory, without a chain of stores where both are in memory or this is done again. */
    static ImageStore of(ImageStore base, MemoryImages more) {
        return switch (base) {
            case MemoryImages before -> before.with(more);
            case AddedImages(ImageStore first, MemoryImages before) -> new AddedImages(first, before.with(more));
            default -> new AddedImages(base, more);
        };
    }

    @Override
    public int size() {
        return base.size() + more.size();
    }

    @Override
    public int side() {
        return base.side();
    }

    @Override
    public byte[] read(int image) {
        return image < base.size() ? base.read(image) : more.read(image - base.size());
    }

    @Override
    public long hash(int image) {
        return image < base.size() ? base.hash(image) : more.hash(image - base.size());
    }
}
