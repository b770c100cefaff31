"""`python -m benchmarks [NAME…]`: run all benchmarks, or those named; exit 1 where a required ratio is not met."""

from __future__ import annotations

import importlib
import os
import platform
import sys

NAMES = (
    "normal_mle",
    "multivariate_normal_mle",
    "student_t_mle",
    "negative_binomial_mle",
    "univariate_mle",
    "goodness_of_fit",
    "comparing",
    "parquet_describe",
    "startup",
)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"Python {platform.python_version()}, {platform.machine()}, {cores} cores")
    print("medians of interleaved repeats where no note says how often\n")
    missed = []
    for name in names or NAMES:
        try:
            module = importlib.import_module(f"benchmarks.{name}")
        except ImportError as error:
            print(f"{name}: left out, because {error.name} is not installed\n")
            continue
        for result in module.run():
            print(result, flush=True)
            if not result.met:
                missed.append(result.what)
        print()
    for what in missed:
        print(f"NOT met: {what}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
