package org.safeclip.experiments.source;

import java.nio.file.Path;
import java.util.List;

/** Lists with a header, as SafeCLIP, CleanCLIP and open_clip use them: see {@link CsvPairs}. */
public final class CsvFormat implements SourceFormat {
    /** The format. */
    public CsvFormat() {}

    @Override
    public String name() {
        return "csv list";
    }

    @Override
    public boolean recognises(FileStart start) {
        return CsvSeparator.isHeader(start.text().lines().findFirst().orElse(""));
    }

    @Override
    public Source open(List<Path> files) {
        return new ListSource(name(), files.getFirst(), CsvPairs::read);
    }
}
