package org.safeclip.experiments.grid;

import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunListener;

/** Is told how a grid of trainings goes on. */
public interface GridListener {
    /** A cell starts; the answer is told how its training goes on. */
    RunListener started(Cell cell, Experiment experiment);

    /** A cell is finished. */
    void finished(Cell cell, Result result);

    /** A cell could not be trained; the others go on. */
    void failed(Cell cell, Throwable why);

    /** A cell is being trained by another process. */
    void elsewhere(Cell cell);
}
