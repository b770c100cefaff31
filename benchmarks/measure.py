"""How a benchmark measures: medians of interleaved repeats, and a ratio beside the one that is required."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple


class Seconds(NamedTuple):
    """Medians of the time on the wall, and of the processor time of all threads of this process."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Result:
    """One comparison.

    Parameters
    ----------
    what : what was done, on what data
    rival : with whom it is compared; "" where a number alone is required
    ours, theirs : medians, in `unit`
    required : the largest ratio ours/theirs allowed, or the largest `ours` where there is no rival
    unit : of ours and theirs
    at_least : the ratio is theirs/ours and must reach `required`
    note : settings, and how the answers were checked
    cpu : processor seconds of ours and theirs, which show what other work on the machine hides
    """

    what: str
    rival: str
    ours: float
    theirs: float
    required: float | None
    unit: str = "s"
    at_least: bool = False
    note: str = ""
    cpu: tuple[float, float] | None = None

    @property
    def figure(self) -> float:
        """The number that is required: a ratio, or ours."""
        if not self.rival:
            return self.ours
        return self.theirs / self.ours if self.at_least else self.ours / self.theirs

    @property
    def met(self) -> bool:
        """Whether the requirement is met, as far as there is one."""
        if self.required is None:
            return True
        return self.figure >= self.required if self.at_least else self.figure <= self.required

    def __str__(self) -> str:
        def show(value: float) -> str:
            return f"{value:.3g} {self.unit}" if value < 1e3 else f"{value:.0f} {self.unit}"

        lines = [self.what]
        if self.rival:
            times = "times faster" if self.at_least else "times the rival"
            lines.append(f"    ours {show(self.ours)}, {self.rival} {show(self.theirs)}: {self.figure:.3g} {times}")
        else:
            lines.append(f"    ours {show(self.ours)}")
        if self.required is not None:
            bound = "≥" if self.at_least else "≤"
            verdict = "met" if self.met else "NOT met"
            unit = "" if self.rival else f" {self.unit}"
            lines[-1] += f"  (required {bound} {self.required:g}{unit}: {verdict})"
        if self.cpu:
            lines.append(f"    processor time: ours {self.cpu[0]:.3g} s, {self.rival} {self.cpu[1]:.3g} s")
        if self.note:
            lines.append(f"    {self.note}")
        return "\n".join(lines)


def interleaved(repeats: int, *functions: Callable[[], Any]) -> tuple[list[Seconds], list[Any]]:
    """Return the median seconds of each function, called by turns, and what each returned last.

    Each is called once before, so that caches and kernels are warm for all.
    """
    returned = [function() for function in functions]
    taken: list[list[Seconds]] = [[] for _ in functions]
    for _ in range(repeats):
        for i, function in enumerate(functions):
            wall, cpu = time.perf_counter(), time.process_time()
            returned[i] = function()
            taken[i].append(Seconds(time.perf_counter() - wall, time.process_time() - cpu))
    return [Seconds(*map(statistics.median, zip(*times, strict=True))) for times in taken], returned


def check(holds: bool, what: str) -> None:
    """Stop where two answers differ: a ratio of unequal answers means nothing."""
    if not holds:
        raise AssertionError(f"the answers differ: {what}")
