package org.safeclip.experiments.image;

import java.awt.color.ICC_Profile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the segments of a JPEG file say about it; the file is walked through to its end marker.
 *
 * @param components colour components, 0 if the file has no frame
 * @param transformed whether an Adobe segment says that the first three of four components are YCbCr
 * @param profile the embedded colour profile, as far as it can be read
 * @param complete whether the end marker was found
 */
record JpegHeader(
        int components, boolean transformed, @Nullable ICC_Profile profile, boolean complete) {
    private static final int END_OF_IMAGE = 0xd9;
    private static final int APP2 = 0xe2;
    private static final int APP14 = 0xee;
    private static final String ICC = "ICC_PROFILE\0";

    static JpegHeader of(byte[] file) {
        int components = 0;
        boolean transformed = false;
        ByteArrayOutputStream icc = new ByteArrayOutputStream();
        int at = 2;
        while (true) {
            at = marker(file, at);
            if (at >= file.length || file[at] == (byte) END_OF_IMAGE) {
                break;
            }
            int marker = file[at++] & 0xff;
            int length = at + 2 <= file.length ? (file[at] & 0xff) << 8 | (file[at + 1] & 0xff) : 0;
            int body = at + 2;
            int end = at + length;
            if (length >= 2 && end <= file.length) {
                if (isFrame(marker) && length >= 8) {
                    components = file[body + 5] & 0xff;
                } else if (marker == APP14 && length >= 14 && starts(file, body, "Adobe")) {
                    transformed = file[body + 11] == 2;
                } else if (marker == APP2 && length >= 16 && starts(file, body, ICC)) {
                    icc.write(file, body + 14, length - 16);
                }
            }
            at = Math.max(at, end);
        }
        return new JpegHeader(components, transformed, ColourProfile.parse(icc.toByteArray()), at < file.length);
    }

    /** The position of the next marker's code; stuffed bytes, restarts and fill bytes are passed over. */
    private static int marker(byte[] file, int from) {
        for (int i = from; i + 1 < file.length; i++) {
            int code = file[i + 1] & 0xff;
            boolean within = code == 0 || code == 0xff || code == 1 || (code >= 0xd0 && code <= 0xd8);
            if (file[i] == (byte) 0xff && !within) {
                return i + 1;
            }
        }
        return file.length;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private static boolean starts(byte[] file, int at, String word) {
        return new String(file, at, word.length(), StandardCharsets.ISO_8859_1).equals(word);
    }
}
