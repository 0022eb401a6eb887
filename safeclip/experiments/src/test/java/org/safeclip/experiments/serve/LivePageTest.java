package org.safeclip.experiments.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.train.TrainingListener.Step;
import org.safeclip.train.TrainingPhase;

class LivePageTest {
    @TempDir
    private Path folder;

    @Test
    void aBrowserFollowsARunToItsEnd() throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), 40);
        RunReport report = new RunReport(
                new RunFolder(folder, "train --method clip", experiment.attacks(), experiment.config()), experiment);
        try (LocalServer server = new LocalServer(0)) {
            LivePage page = new LivePage(server, report, () -> "epoch 1 of 3");
            assertThat(read(server, "/")).contains("connect-src &#39;self&#39;", "Nothing has been trained yet.");
            try (Socket follower = ask(server, "/events")) {
                String first = untilMessage(follower);
                assertThat(first).contains("text/event-stream", "event: changed");
                page.epochStarted(1, TrainingPhase.TRAIN);
                page.stepped(new Step("cross-modal", 1, 5, 10, 128, 5, 1e-3, 3, 14));
                assertThat(untilMessage(follower))
                        .contains("event: progress", "\"text\":\"epoch 1 of 3\"", "\"share\":0.5");
                page.epochEnded(1, TrainingPhase.TRAIN);
                assertThat(untilMessage(follower)).contains("event: changed");
                page.end(report.data());
                assertThat(untilMessage(follower)).contains("event: finished");
            }
            assertThat(read(server, "/")).doesNotContain("new EventSource(");
            assertThat(read(server, "/main")).contains("Nothing has been trained yet.");
        }
    }

    private static Socket ask(LocalServer server, String path) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(server.address()).getPort());
        socket.setSoTimeout(60_000);
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String read(LocalServer server, String path) throws IOException {
        try (Socket socket = ask(server, path)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Reads to the end of the next server-sent event. */
    private static String untilMessage(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().contains("data: ") || !text.toString().endsWith("\n\n")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("the stream ended after %s", text).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }
}
