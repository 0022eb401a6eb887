package org.safeclip.experiments.grid;

import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunListener;

/** Receives the events of a grid run. */
public interface GridListener {
    /** A cell starts; returns the listener of its run. */
    RunListener started(Cell cell, Experiment experiment);

    /** A cell is finished. */
    void finished(Cell cell, Result result);

    /** A cell failed; the others continue. */
    void failed(Cell cell, Throwable why);

    /** A cell is skipped because another process is training it. */
    void elsewhere(Cell cell);
}
