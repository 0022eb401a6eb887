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

/** The row of attacked pictures with what each method calls them. */
final class Pictures {
    private Pictures() {}

    static Html row(List<Attacked> attacked) {
        return Html.of("ul")
                .with("class", "pictures")
                .addAll(attacked.stream().map(Pictures::card).toList());
    }

    private static Html card(Attacked picture) {
        Html facts = Html.of("dl").add(fact("shows", picture.truth()), fact("attacker wants", picture.adversarial()));
        for (Map.Entry<String, String> called : picture.calledBy().entrySet()) {
            facts.add(called(MethodCatalogue.STANDARD.title(called.getKey()), called.getValue(), picture));
        }
        return Html.of("li")
                .add(
                        Html.of("img")
                                .with("src", dataUri(picture))
                                .with("width", "80")
                                .with("height", "80")
                                .with("alt", "Picture of " + picture.truth()),
                        facts);
    }

    private static Html fact(String name, String value) {
        return Html.of("div").add(Html.of("dt", name), Html.of("dd", value));
    }

    private static Html called(String method, String name, Attacked picture) {
        boolean fooled = name.equals(picture.adversarial());
        boolean right = name.equals(picture.truth());
        String mark = fooled ? "✗ fooled" : right ? "✓ right" : "not fooled";
        return Html.of("div")
                .add(
                        Html.of("dt", method + " says"),
                        Html.of("dd", name + " ")
                                .add(Html.of("span", mark).with("class", fooled ? "mark bad" : "mark good")));
    }

    static String dataUri(Attacked picture) {
        int side = picture.side();
        byte[] rgb = picture.pixels();
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            int color = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % side, i / side, color);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // a stream of memory: ImageIO would otherwise pass every picture through a temporary file
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this Java has no PNG writer; run on one with the java.desktop module");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode a picture", e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
