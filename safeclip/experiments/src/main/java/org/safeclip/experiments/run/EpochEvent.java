package org.safeclip.experiments.run;

import org.safeclip.selection.ComputeTime;

/**
 * The end of an epoch.
 *
 * @param phase "warm-up", "slow" or "mixed" of SafeCLIP, "train" of plain CLIP, "pool" of RoCLIP, "fine-tune" of CleanCLIP
 * @param seconds wall-clock time of the epoch without diagnostics and evaluation
 * @param cpuSeconds CPU time of the process over all cores, in seconds
 * @param scoringSeconds wall-clock time to embed and score all pairs; 0 if the epoch does not split
 * @param mixtureSeconds wall-clock time to fit the mixture; 0 if the epoch does not split
 * @param scoringCpuSeconds CPU seconds to embed and score all pairs
 * @param mixtureCpuSeconds CPU seconds to fit the mixture
 * @param exchangeSeconds wall-clock time in exchanges with other processes, waiting included; 0 for a process alone
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
        double mixtureCpuSeconds,
        double exchangeSeconds)
        implements Event {

    /** An epoch that does not split the pairs. */
    public EpochEvent(String method, int epoch, String phase, ComputeTime whole, double exchange) {
        this(method, epoch, phase, whole, ComputeTime.NONE, ComputeTime.NONE, exchange);
    }

    /** An epoch that starts with a split of all pairs. */
    public EpochEvent(
            String method,
            int epoch,
            String phase,
            ComputeTime whole,
            ComputeTime scoring,
            ComputeTime mixture,
            double exchange) {
        this(
                method,
                epoch,
                phase,
                whole.wall(),
                whole.cpu(),
                scoring.wall(),
                mixture.wall(),
                scoring.cpu(),
                mixture.cpu(),
                exchange);
    }
}
