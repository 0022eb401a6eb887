package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Image-caption pairs, as one format keeps them. */
public interface Source {
    /** What it is, such as "COCO captions". */
    String format();

    /** The lists and archives that are read, without images in files of their own. */
    List<Path> files();

    /**
     * Reads all entries from the first, in the same order every time.
     *
     * @return number of rows, those that are left out included
     * @throws org.safeclip.settings.InvalidInputException if a file is malformed
     */
    int read(Visitor visitor) throws IOException;

    /** Receives the entries of a source. */
    interface Visitor {
        /** A pair. */
        void pair(SourcePair pair) throws IOException;

        /**
         * An entry that is no pair and is left out.
         *
         * @param reason to count by, such as "no caption"
         * @param place where it is
         */
        default void leftOut(String reason, String place) {}
    }

    /** The file to name in messages: the first. */
    default Path place() {
        return files().getFirst();
    }

    /** What was read, such as "shards/00000.tar and 331 more files: WebDataset shards". */
    default String description() {
        int others = files().size() - 1;
        String more = others == 0 ? "" : " and " + others + " more file" + (others == 1 ? "" : "s");
        return place() + more + ": " + format();
    }
}
