package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A format of pairs. */
public interface SourceFormat {
    /** What it is called, such as "COCO captions". */
    String name();

    /** Whether a file has this format. */
    boolean recognises(FileStart start) throws IOException;

    /** Whether a set may be in several files, as shards are. */
    default boolean inSeveralFiles() {
        return false;
    }

    /** The pairs of files that were recognised. */
    Source open(List<Path> files) throws IOException;
}
