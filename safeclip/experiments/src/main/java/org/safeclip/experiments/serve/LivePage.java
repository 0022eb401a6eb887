package org.safeclip.experiments.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.report.Report;
import org.safeclip.experiments.report.ReportData;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.EvaluationEvent;
import org.safeclip.experiments.run.Json;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.SplitEvent;
import org.safeclip.train.TrainingPhase;

/**
 * The report of a run that is still training, on a local server. A browser that has it open receives server-sent events: {@code
 * progress} several times a second, {@code changed} when the page has more to show, and {@code finished} at the end.
 */
public final class LivePage implements RunListener {
    private static final long PROGRESS_AFTER = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int WAITING = 100;

    private final RunReport report;
    private final Supplier<String> status;
    private final List<BlockingQueue<String>> readers = new CopyOnWriteArrayList<>();
    private volatile @Nullable ReportData last;
    private volatile boolean finished;
    private int epochs = 1;
    private int epoch;
    private long sent;

    /**
     * Serves the report of a run.
     *
     * @param status says how far the command is, in one line
     */
    public LivePage(LocalServer server, RunReport report, Supplier<String> status) {
        this.report = report;
        this.status = status;
        server.answer("/", _ -> LocalServer.Content.html(finished ? Report.page(data()) : Report.livePage(data())));
        server.answer("/main", _ -> LocalServer.Content.html(Report.main(data())));
        server.stream("/events", this::follow);
    }

    @Override
    public void started(TrainingMethod method, int trained, List<String> plan) {
        epochs = Math.max(1, method.epochs());
        epoch = trained;
        send("changed", "{}");
    }

    @Override
    public void epochStarted(int now, TrainingPhase phase) {
        epoch = now;
    }

    @Override
    public void stepped(Step step) {
        long now = System.nanoTime();
        if (now - sent > PROGRESS_AFTER) {
            sent = now;
            Map<String, Object> progress = new LinkedHashMap<>();
            progress.put("text", status.get());
            progress.put("share", (epoch - 1 + (double) step.number() / step.of()) / epochs);
            send("progress", Json.ROUNDED.writeValueAsString(progress));
        }
    }

    @Override
    public void diagnosed(SplitEvent split) {
        send("changed", "{}");
    }

    @Override
    public void epochEnded(int ended, TrainingPhase phase) {
        send("changed", "{}");
    }

    @Override
    public void evaluated(EvaluationEvent evaluation) {
        send("changed", "{}");
    }

    private ReportData data() throws IOException {
        ReportData known = last;
        return known == null ? report.data() : known;
    }

    /** The command has ended with this report. */
    public void end(ReportData finalReport) {
        last = finalReport;
        finished = true;
        send("finished", "{}");
    }

    private void send(String event, String data) {
        String message = "event: " + event + "\ndata: " + data + "\n\n";
        for (BlockingQueue<String> reader : readers) {
            reader.offer(message); // a reader that does not read misses some
        }
    }

    /** Sends events until the run ends or the reader leaves. */
    private void follow(HttpExchange exchange) throws IOException {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>(WAITING);
        LocalServer.headers(exchange, "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        readers.add(queue);
        try (OutputStream out = exchange.getResponseBody()) {
            write(out, finished ? "event: finished\ndata: {}\n\n" : "event: changed\ndata: {}\n\n");
            while (!finished || !queue.isEmpty()) {
                String message = queue.poll(10, TimeUnit.SECONDS);
                write(out, message == null ? ": still there\n\n" : message);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.remove(queue);
        }
    }

    private static void write(OutputStream out, String message) throws IOException {
        out.write(message.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
