"""How long a person waits: the import, the version, and the first printed fit, each in fresh interpreters."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import Result, check

REPEATS = 15


def seconds(command: list[str]) -> tuple[float, str]:
    """Return how long a command took, and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stdout


def medians(*commands: list[str]) -> list[float]:
    """Return the median seconds of commands run by turns, after one run of each that is not counted."""
    taken: list[list[float]] = [[] for _ in commands]
    for turn in range(REPEATS + 1):
        for times, command in zip(taken, commands, strict=True):
            elapsed, _ = seconds(command)
            if turn:
                times.append(elapsed)
    return [statistics.median(times) for times in taken]


def run() -> list[Result]:
    python = sys.executable
    program = str(Path(python).with_name("suffice"))
    from suffice import datasets

    data = str(Path(datasets.__file__).with_name("groundbeef.csv"))
    first = [program, "fit", data, "--family", "gamma"]
    script = f"import suffice as sf; print(sf.fit(sf.Gamma, {data!r}))"
    check("4.008" in seconds(first)[1], "the first fit")
    theirs, ours, version, printed, scripted = medians(
        [python, "-c", "import numpy"],
        [python, "-c", "import suffice"],
        [program, "--version"],
        first,
        [python, "-c", script],
    )
    note = f"whole processes, medians of {REPEATS}, files and kernels cached"
    return [
        Result("import suffice", "import numpy", ours, theirs, 1.5, note=note),
        Result("suffice --version", "", version, 0.0, 0.4, note=note),
        Result("suffice fit groundbeef.csv --family gamma, to its end", "", printed, 0.0, 1.5, note=note),
        Result("the same fit printed by a Python program", "", scripted, 0.0, 1.5, note=note),
    ]
