package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.export.TensorBoard;
import org.safeclip.experiments.report.ReportData;
import org.safeclip.experiments.report.RunReport;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.serve.LivePage;
import org.safeclip.experiments.serve.LocalServer;

/** A run whose report is on a local page while it trains. */
final class LiveRun implements AutoCloseable {
    private final LocalServer server;
    private final LivePage page;
    private final PrintWriter out;

    LiveRun(int port, RunReport report, Progress progress, PrintWriter out) throws IOException {
        this.server = new LocalServer(port);
        this.page = new LivePage(server, report, progress::status);
        this.out = out;
        out.println("Watch it at " + server.address());
        out.flush();
    }

    /** The listener of a run: the terminal's, and those of the page and of the files for TensorBoard if there are. */
    static RunListener listener(Progress progress, @Nullable LiveRun live, @Nullable TensorBoard board) {
        List<RunListener> all = new ArrayList<>(List.of(progress));
        if (live != null) {
            all.add(live.page);
        }
        if (board != null) {
            all.add(board);
        }
        return new Listeners(all);
    }

    /** Shows the finished run until the process is interrupted; does nothing without a page. */
    static void end(@Nullable LiveRun live, ReportData report) {
        if (live != null) {
            live.page.end(report);
            live.out.println("The report stays at " + live.server.address());
            Serving.untilInterrupted(live.out);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
