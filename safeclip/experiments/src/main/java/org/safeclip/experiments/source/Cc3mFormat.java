package org.safeclip.experiments.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The lists of Conceptual Captions as published: caption and web address (CC3M) or address and caption (CC12M), separated by a tab,
 * without quoting and mostly without a header. They have no images: those must be downloaded first, which makes another source.
 */
public final class Cc3mFormat implements SourceFormat {
    private static final String NO_IMAGE =
            "a web address, not a file; download the images first, for example as WebDataset shards with img2dataset";
    private static final int COLUMNS = 2;

    /** The format. */
    public Cc3mFormat() {}

    @Override
    public String name() {
        return "Conceptual Captions list of addresses";
    }

    @Override
    public boolean recognises(FileStart start) {
        List<String> lines = start.text().lines().limit(2).toList();
        return !lines.isEmpty()
                && (isPair(lines.getFirst()) || (isHeader(lines.getFirst()) && isPair(lines.getLast())));
    }

    private static boolean isHeader(String line) {
        return List.of("caption\turl", "url\tcaption").contains(line.strip().toLowerCase(Locale.ROOT));
    }

    private static boolean isPair(String line) {
        String[] columns = line.split("\t", -1);
        return columns.length == COLUMNS && isAddress(columns[0]) != isAddress(columns[1]);
    }

    private static boolean isAddress(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }

    @Override
    public Source open(List<Path> files) {
        return new ListSource(name(), files.getFirst(), Cc3mFormat::read);
    }

    private static int read(Path file, Source.Visitor visitor) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(FileStart.open(file), StandardCharsets.UTF_8))) {
            int row = 0;
            long number = 0;
            for (String line = TextLine.read(file, lines, 1);
                    line != null;
                    line = TextLine.read(file, lines, number + 1)) {
                number++;
                String[] columns = line.split("\t", -1);
                if (number == 1 && isHeader(line)) {
                    continue;
                }
                if (columns.length != COLUMNS || isAddress(columns[0]) == isAddress(columns[1])) {
                    visitor.leftOut("not a caption and an address", "line " + number);
                } else {
                    String address = isAddress(columns[0]) ? columns[0] : columns[1];
                    String caption = (isAddress(columns[0]) ? columns[1] : columns[0]).strip();
                    if (caption.isEmpty()) {
                        visitor.leftOut("no caption", "line " + number);
                    } else {
                        visitor.pair(new SourcePair(row, number, address, Picture.none(address, NO_IMAGE), caption));
                    }
                }
                row++;
            }
            return row;
        }
    }
}
