package org.safeclip.experiments.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The texts in a PNG file, such as its title and author. */
public final class PngText {
    private static final int SIGNATURE = 8;
    private static final int FRAME = 12; // length, type and checksum of a chunk
    private static final int TEXT = 0x74455874; // tEXt

    private PngText() {}

    /**
     * Reads the tEXt chunks up to the end or to the first chunk that is cut off. The standard says Latin-1; programs write UTF-8,
     * and so it is read.
     *
     * @param png the bytes of a PNG file; of anything else there is no text
     * @return texts by keyword, such as Title, Author and Description; the first of equal keywords counts
     */
    public static Map<String, String> of(byte[] png) {
        Map<String, String> texts = new LinkedHashMap<>();
        ByteBuffer bytes = ByteBuffer.wrap(png);
        if (ImageFormat.of(png) != ImageFormat.PNG) {
            return texts;
        }
        int at = SIGNATURE;
        while (at + FRAME <= png.length) {
            int length = bytes.getInt(at);
            if (length < 0 || length > png.length - at - FRAME) {
                break;
            }
            if (bytes.getInt(at + 4) == TEXT) {
                String text = new String(png, at + 8, length, StandardCharsets.UTF_8);
                int end = text.indexOf('\0');
                if (end > 0) {
                    texts.putIfAbsent(text.substring(0, end), text.substring(end + 1));
                }
            }
            at += FRAME + length;
        }
        return texts;
    }
}
