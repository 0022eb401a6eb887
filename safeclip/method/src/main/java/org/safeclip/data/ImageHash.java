package org.safeclip.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 64 bits of the SHA-256 of an image's bytes: equal images have equal hashes, and others almost never. */
public final class ImageHash {
    private ImageHash() {}

    /** The hash of the bytes of an image. */
    public static long of(byte[] pixels) {
        return ByteBuffer.wrap(sha256().digest(pixels)).getLong();
    }

    /** A new SHA-256 digest. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
