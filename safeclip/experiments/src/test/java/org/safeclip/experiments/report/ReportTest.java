package org.safeclip.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.StepEvent;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    private static final String HOSTILE = "<script>alert('x & y')</script> \"\u0001";

    @Test
    void reportIsWellFormedAndSelfContained(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.html");

        Report.write(
                file,
                Samples.result(15, 1),
                Samples.events(),
                Samples.attacked("pear"),
                "seed = 7",
                "The short version.");

        String page = Files.readString(file);
        Document document = parse(page);
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("link").getLength()).isZero();
        assertThat(document.getElementsByTagName("img").getLength()).isEqualTo(1);
        // two of the safe set, two histograms, three evaluations, a loss for each method
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(9);
        assertThat(document.getElementsByTagName("desc").getLength()).isEqualTo(9);
        assertThat(page)
                .contains(
                        "The attack fooled CLIP on 15 of 16 target images and SafeCLIP on 1 of 16.",
                        "The defence held",
                        "The short version.",
                        "seed = 7",
                        "arXiv 2310.05862")
                .doesNotContain("NaN", "url(", "@import");
    }

    @Test
    void namesAreEscaped() throws Exception {
        String page = Report.page(Samples.result(15, 1), List.of(), Samples.attacked(HOSTILE), HOSTILE, HOSTILE);

        assertThat(parse(page).getElementsByTagName("script").getLength()).isZero();
        assertThat(page).contains("&lt;script&gt;alert(&#39;x &amp; y&#39;)&lt;/script&gt; &quot;\uFFFD");
    }

    @Test
    void aResultWithoutEventsHasAReport() throws Exception {
        Result none = new Result(0, "scalar", "none", 10, 0, List.of(), List.of());

        assertThat(parse(Report.page(none, List.of(), List.of(), "", ""))
                        .getElementsByTagName("svg")
                        .getLength())
                .isZero();
    }

    @Test
    void aSplitWithoutMaskIsDrawnWithoutPoisons() throws Exception {
        String page = Report.page(Samples.result(15, 1), List.of(Samples.split(3, false)), List.of(), "", "");

        parse(page);
        assertThat(page).contains("Epoch 3: ").doesNotContain("poisons, downwards", "class=\"poison\" d=\"M");
    }

    @Test
    void nanLossesInterruptTheLine() throws Exception {
        List<Event> events = List.of(
                new StepEvent("clip", 1, "cross-modal", 1, 4, 1e-3, 14),
                new StepEvent("clip", 1, "cross-modal", 2, Double.NaN, 1e-3, 14),
                new StepEvent("clip", 1, "cross-modal", 3, 3, 1e-3, 14));

        String page = Report.page(Samples.result(15, 1), events, List.of(), "", "");

        parse(page);
        assertThat(page).contains("Loss of CLIP").doesNotContain("NaN");
    }

    @Test
    void imagesKeepTheirPixels() throws IOException {
        byte[] pixels = {(byte) 255, 0, 0, 0, (byte) 128, 0, 0, 0, 1, 9, 8, 7};
        String uri = ImageStrip.dataUri(new AttackedImage(pixels, 2, "a", "b", Map.of()));

        byte[] png = Base64.getDecoder().decode(uri.substring("data:image/png;base64,".length()));
        var image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xFF0000);
        assertThat(image.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0x008000);
        assertThat(image.getRGB(0, 1) & 0xFFFFFF).isEqualTo(0x000001);
        assertThat(image.getRGB(1, 1) & 0xFFFFFF).isEqualTo(0x090807);
    }

    private static Document parse(String page) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }
}
