package org.safeclip.experiments.source;

/**
 * A pair of a source.
 *
 * @param row row in the source from 0; rows that are left out count, so a mask of poisons can name rows
 * @param line first line of the pair in a text file, from 1; 0 if there are no lines
 * @param image what names the image in the source: pairs with equal names have the same image
 * @param picture the image
 * @param caption caption without surrounding spaces, not empty
 */
public record SourcePair(int row, long line, String image, Picture picture, String caption) {
    /** Where the pair is, for messages. */
    public String place() {
        return (line > 0 ? "line " + line + ": " : "") + picture.name();
    }
}
