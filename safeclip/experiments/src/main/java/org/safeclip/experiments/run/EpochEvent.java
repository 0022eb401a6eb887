package org.safeclip.experiments.run;

import org.safeclip.selection.ComputeTime;

/**
 * The end of an epoch.
 *
 * @param phase "warm-up", "slow" or "mixed" of SafeCLIP, "train" of plain CLIP, "pool" of RoCLIP, "fine-tune" of CleanCLIP
 * @param seconds time the epoch took on the clock, diagnosis and evaluation left out
 * @param cpuSeconds of this process on all cores
 * @param scoringSeconds of the time on the clock, that of embedding all pairs to score them
 * @param mixtureSeconds that of fitting the mixture
 * @param scoringCpuSeconds the same on all cores
 * @param mixtureCpuSeconds the same on all cores
 */
public record EpochEvent(
        String method,
        int epoch,
        String phase,
        double seconds,
        double cpuSeconds,
        double scoringSeconds,
        double mixtureSeconds,
        double scoringCpuSeconds,
        double mixtureCpuSeconds)
        implements Event {

    /** An epoch without a look at all pairs. */
    public EpochEvent(String method, int epoch, String phase, ComputeTime whole) {
        this(method, epoch, phase, whole, ComputeTime.NONE, ComputeTime.NONE);
    }

    /** An epoch that began with a look at all pairs. */
    public EpochEvent(
            String method, int epoch, String phase, ComputeTime whole, ComputeTime scoring, ComputeTime mixture) {
        this(
                method,
                epoch,
                phase,
                whole.wall(),
                whole.cpu(),
                scoring.wall(),
                mixture.wall(),
                scoring.cpu(),
                mixture.cpu());
    }
}
