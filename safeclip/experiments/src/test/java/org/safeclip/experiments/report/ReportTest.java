package org.safeclip.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.run.Event;
import org.safeclip.experiments.run.StepEvent;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
    private static final String HOSTILE = "<script>alert('x & y')</script> \"\u0001";

    @Test
    void reportIsWellFormedAndSelfContained(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.html");

        Report.write(file, Samples.report());

        String page = Files.readString(file);
        Document document = parse(page);
        // one that holds the data of the splits, and one that plays them
        assertThat(document.getElementsByTagName("script").getLength()).isEqualTo(2);
        assertThat(((Element) document.getElementsByTagName("link").item(0)).getAttribute("href"))
                .isEqualTo("data:,"); // no icon, or a browser would ask for one
        assertThat(document.getElementsByTagName("link").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("img").getLength()).isEqualTo(3);
        // two tallies, the player, two histograms, two of the safe set, three evaluations, three of steps for each
        // method, two
        // of choices, a map
        int charts = 2 + 1 + 2 + 2 + 3 + 6 + 2 + 1;
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(charts);
        assertThat(document.getElementsByTagName("desc").getLength()).isEqualTo(charts);
        assertThat(page)
                .contains(
                        "The attack fooled CLIP on 15 of 16 target images and SafeCLIP on 1 of 16.",
                        "The defence held",
                        "The short version.",
                        "a red bus",
                        "seed = 7",
                        "arXiv 2310.05862",
                        "default-src &#39;none&#39;")
                .doesNotContain("NaN", "url(", "@import", "connect-src");
    }

    @Test
    void everyPictureHasATextAlternativeAndEverySectionAHeading() throws Exception {
        Document document = parse(Report.page(Samples.report()));

        NodeList images = document.getElementsByTagName("img");
        for (int i = 0; i < images.getLength(); i++) {
            assertThat(((Element) images.item(i)).hasAttribute("alt")).isTrue();
        }
        Set<String> ids = new HashSet<>();
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (element.hasAttribute("id")) {
                assertThat(ids.add(element.getAttribute("id")))
                        .as(element.getAttribute("id"))
                        .isTrue();
            }
        }
        NodeList links = document.getElementsByTagName("a");
        for (int i = 0; i < links.getLength(); i++) {
            String target = ((Element) links.item(i)).getAttribute("href");
            assertThat(target.startsWith("https://") || ids.contains(target.substring(1)))
                    .as(target)
                    .isTrue();
        }
        NodeList cells = document.getElementsByTagName("td");
        for (int i = 0; i < cells.getLength(); i++) {
            assertThat(((Element) cells.item(i)).getAttribute("data-label")).isNotEmpty();
        }
    }

    @Test
    void aRunningPageMayAskItsServerOnly() throws Exception {
        String page = Report.livePage(Samples.report());

        parse(page);
        assertThat(page).contains("connect-src &#39;self&#39;", "new EventSource(");
        assertThat(page).contains(Report.main(Samples.report()));
    }

    @Test
    void namesAreEscaped() throws Exception {
        String page = Report.page(Samples.hostile(HOSTILE));

        Document document = parse(page);
        assertThat(document.getElementsByTagName("script").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("b").getLength()).isZero();
        assertThat(page).contains("&lt;script&gt;alert(&#39;x &amp; y&#39;)&lt;/script&gt; &quot;\uFFFD");
    }

    @Test
    void aRunWithoutEventsHasAReport() throws Exception {
        Document document = parse(Report.page(Samples.empty()));

        assertThat(document.getElementsByTagName("svg").getLength()).isZero();
        assertThat(document.getElementsByTagName("h1").item(0).getTextContent())
                .isEqualTo("Nothing has been trained yet.");
    }

    @Test
    void aSplitWithoutMaskIsDrawnWithoutPoisons() throws Exception {
        String page = Report.page(Samples.report(List.of(Samples.split(3, false))));

        parse(page);
        assertThat(page)
                .contains("Epoch 3: ")
                .doesNotContain("poisons, downwards", "class=\"poison\" d=\"M", "The safe set grows");
    }

    @Test
    void nanLossesInterruptTheLine() throws Exception {
        List<Event> events = List.of(
                new StepEvent("clip", 1, "cross-modal", 1, 128, 4, 1e-3, 14),
                new StepEvent("clip", 1, "cross-modal", 2, 128, Double.NaN, 1e-3, 14),
                new StepEvent("clip", 1, "cross-modal", 3, 128, 3, 1e-3, 14));

        String page = Report.page(Samples.report(events));

        parse(page);
        assertThat(page).contains("Loss, CLIP").doesNotContain("NaN");
    }

    @Test
    void aLossHasNoLineAcrossEpochsThatDoNotTrainIt() {
        List<Event> events = new ArrayList<>();
        for (int epoch = 1; epoch <= 3; epoch++) {
            for (int step = 1; step <= 20; step++) {
                String pass = epoch == 2 ? "cross-modal" : "in-modal";
                events.add(new StepEvent("safeclip", epoch, pass, 20L * epoch + step, 128, 1, 1e-3, 14));
            }
        }
        String page = Report.page(Samples.report(events));
        Matcher loss = Pattern.compile("class=\"line in-modal\" d=\"([^\"]*)\"").matcher(page);

        assertThat(loss.find()).isTrue();
        assertThat(loss.group(1).chars().filter(c -> c == 'M').count()).isEqualTo(2);
    }

    @Test
    void imagesKeepTheirPixels() throws IOException {
        byte[] pixels = {(byte) 255, 0, 0, 0, (byte) 128, 0, 0, 0, 1, 9, 8, 7};
        String uri = Picture.dataUri(pixels);

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
