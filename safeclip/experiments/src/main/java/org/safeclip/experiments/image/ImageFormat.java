package org.safeclip.experiments.image;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The formats of image files, recognised by their first bytes. */
public enum ImageFormat {
    /** Portable network graphics. */
    PNG,
    /** JPEG, also progressive and CMYK. */
    JPEG,
    /** WebP, lossy or lossless. */
    WEBP,
    /** GIF, of which the first frame is read. */
    GIF,
    /** Windows bitmap. */
    BMP,
    /** Pixels without a header, as in the files of CIFAR. */
    RAW;

    /** The format of a file, or null if it is none of these. */
    public static @Nullable ImageFormat of(byte[] file) {
        String start = new String(file, 0, Math.min(12, file.length), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        } else if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return GIF;
        } else if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
            return WEBP;
        }
        return start.startsWith("BM") ? BMP : null;
    }

    /** What else a file may be, for the message that refuses it: " but a TIFF image", or nothing. */
    static String other(byte[] file) {
        String start = new String(file, 0, Math.min(12, file.length), StandardCharsets.ISO_8859_1);
        if (start.isEmpty()) {
            return " but an empty file";
        } else if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
            return " but a TIFF image";
        }
        return start.stripLeading().startsWith("<") ? " but a web page or XML" : "";
    }
}
