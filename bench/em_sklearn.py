"""The mixture of two Gaussians of scikit-learn: em_sklearn.py FILE TOLERANCE.

FILE holds little-endian float32 similarities. Fits anew for every line it reads and answers with thread CPU time and time
by the clock, in nanoseconds, the two means in ascending order, and the iterations.
"""

import sys
import time

import numpy as np
from sklearn.mixture import GaussianMixture


def main():
    values = np.fromfile(sys.argv[1], "<f4").astype(np.float64).reshape(-1, 1)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        mixture = GaussianMixture(2, tol=float(sys.argv[2]), max_iter=1000, random_state=7).fit(values)
        cpu, wall = time.thread_time_ns() - cpu, time.perf_counter_ns() - wall
        lower, upper = sorted(mixture.means_[:, 0])
        print(cpu, wall, lower, upper, mixture.n_iter_, flush=True)


if __name__ == "__main__":
    main()
