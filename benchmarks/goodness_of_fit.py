"""The Anderson–Darling test of a fitted gamma, 999 refitted replicates, against scipy.stats.goodness_of_fit."""

from __future__ import annotations

from scipy import stats

import suffice as sf
from benchmarks.measure import Result, check, interleaved

ROWS, REPLICATES = 1_000, 999


def run(rows: int = ROWS) -> list[Result]:
    x = sf.Gamma(4, 0.05).sample(rows, rng=3)

    def ours():
        return sf.fit(sf.Gamma, x).goodness_of_fit("anderson-darling", replicates=REPLICATES, rng=1)

    def theirs():
        return stats.goodness_of_fit(
            stats.gamma, x, known_params={"loc": 0.0}, statistic="ad", n_mc_samples=REPLICATES, rng=1
        )

    (our_time, their_time), (found, rival) = interleaved(3, ours, theirs)
    check(abs(found.statistic - rival.statistic) < 1e-5 * rival.statistic, "the statistic")
    check(abs(found.p_value - rival.pvalue) < 0.08, "the p-value")
    return [
        Result(
            f"goodness of fit of a gamma, n = {rows:,}, {REPLICATES} replicates, each refitted",
            "scipy.stats.goodness_of_fit",
            our_time.wall,
            their_time.wall,
            5.0,
            at_least=True,
            note=f"A² = {found.statistic:.4g}; p = {found.p_value:.3f} and {rival.pvalue:.3f}",
            cpu=(our_time.cpu, their_time.cpu),
        )
    ]
