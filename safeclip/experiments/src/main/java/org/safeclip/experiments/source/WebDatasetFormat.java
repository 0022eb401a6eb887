package org.safeclip.experiments.source;

import java.nio.file.Path;
import java.util.List;

/** WebDataset: shards in tar archives, gzipped or not, with the image and the caption of a sample in members next to each other. */
public final class WebDatasetFormat implements SourceFormat {
    private static final int USTAR = 257; // place of the word in a header

    /** The format. */
    public WebDatasetFormat() {}

    @Override
    public String name() {
        return "WebDataset shards";
    }

    @Override
    public boolean recognises(FileStart start) {
        return start.has(USTAR, "ustar");
    }

    @Override
    public boolean inSeveralFiles() {
        return true;
    }

    @Override
    public Source open(List<Path> files) {
        return new WebDataset(name(), List.copyOf(files));
    }
}
