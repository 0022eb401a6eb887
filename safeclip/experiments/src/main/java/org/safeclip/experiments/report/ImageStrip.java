package org.safeclip.experiments.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.safeclip.experiments.run.MethodCatalogue;

/** The attacked images of the report, each with the predictions of the methods. */
final class ImageStrip {
    private ImageStrip() {}

    static Html row(List<AttackedImage> attacked) {
        return Html.of("ul")
                .with("class", "images")
                .addAll(attacked.stream().map(ImageStrip::card).toList());
    }

    private static Html card(AttackedImage attacked) {
        Html facts = Html.of("dl").add(fact("shows", attacked.truth()), fact("attacker wants", attacked.adversarial()));
        for (Map.Entry<String, String> called : attacked.predictions().entrySet()) {
            facts.add(called(MethodCatalogue.STANDARD.title(called.getKey()), called.getValue(), attacked));
        }
        return Html.of("li")
                .add(
                        Html.of("img")
                                .with("src", dataUri(attacked))
                                .with("width", "80")
                                .with("height", "80")
                                .with("alt", "Image of " + attacked.truth()),
                        facts);
    }

    private static Html fact(String name, String value) {
        return Html.of("div").add(Html.of("dt", name), Html.of("dd", value));
    }

    private static Html called(String method, String name, AttackedImage attacked) {
        boolean fooled = name.equals(attacked.adversarial());
        boolean right = name.equals(attacked.truth());
        String mark = fooled ? "✗ fooled" : right ? "✓ correct" : "not fooled";
        return Html.of("div")
                .add(
                        Html.of("dt", method + " predicts"),
                        Html.of("dd", name + " ")
                                .add(Html.of("span", mark).with("class", fooled ? "mark bad" : "mark good")));
    }

    static String dataUri(AttackedImage attacked) {
        int side = attacked.side();
        byte[] rgb = attacked.pixels();
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            int color = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % side, i / side, color);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // a memory stream, because ImageIO would otherwise use a temporary file for every image
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this JDK has no PNG writer; use one with the java.desktop module");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode an image", e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
