"""Progress on a terminal's stderr, for work of more than two seconds: kernels compiled, rows, passes, rows a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

import click

from suffice.cli.status_line import LINE
from suffice.engines.threads import Threads, cores
from suffice.sources.block import Block
from suffice.statistics.product import Product
from suffice.statistics.statistic import Statistic
from suffice.statistics.wrappers import PoissonBootstrap

SILENT_SECONDS = 2.0
REFRESH_SECONDS = 0.5
COMPILING = "compiling kernels, once (about half a minute)"


class Counter:
    """Rows observed and passes begun, counted by many threads; approximate while they run.

    `task` says what the pass under way is for, where that is no plain fit.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.passes = 0
        self.task = ""
        self._lock = threading.Lock()

    def add(self, rows: int) -> None:
        """Count rows."""
        with self._lock:
            self.rows += rows


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A statistic that also counts the rows it observes."""

    statistic: Statistic
    counter: Counter

    def observe(self, block: Block) -> Any:
        """Observe a block."""
        summary = self.statistic.observe(block)
        self.counter.add(len(block.rows))
        return summary


@dataclass(frozen=True, slots=True, eq=False)
class CountingEngine:
    """An engine whose passes are counted.

    Parameters
    ----------
    engine : where passes run
    counter : counts them
    rows : whether rows are observed in this process, where they can be counted
    """

    engine: Any
    counter: Counter
    rows: bool

    def open(self, source: Any) -> CountingSession:
        """Open a source."""
        return CountingSession(self.engine.open(source), self.counter, self.rows)


class CountingSession:
    """An open source whose passes are counted."""

    def __init__(self, session: Any, counter: Counter, rows: bool) -> None:
        self.session = session
        self.counter = counter
        self.rows = rows

    def __enter__(self) -> CountingSession:
        self.session.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.__exit__(kind, error, trace)

    def reduce(self, statistic: Statistic) -> Any:
        """Make one pass."""
        resamples = _bootstrap_in(statistic)
        self.counter.passes += 1
        self.counter.task = f"bootstrap of {resamples:,} replicates" if resamples else ""
        if not self.rows:
            return self.session.reduce(statistic)
        counted = _counted_inside(statistic, self.counter) if resamples else Counted(statistic, self.counter)
        return self.session.reduce(counted)


def _bootstrap_in(statistic: Any) -> int:
    """Return how many replicates a statistic observes, 0 where it is no bootstrap."""
    if isinstance(statistic, PoissonBootstrap):
        return statistic.replicates
    parts = statistic.parts if isinstance(statistic, Product) else (getattr(statistic, "statistic", None),)
    return max((_bootstrap_in(part) for part in parts if part is not None), default=0)


def _counted_inside(statistic: Any, counter: Counter) -> Any:
    """Return the statistic, its first bootstrap counting the rows bit by bit: a block takes a bootstrap seconds."""
    if isinstance(statistic, PoissonBootstrap):
        return replace(statistic, statistic=Counted(statistic.statistic, counter))
    if not isinstance(statistic, Product):
        return replace(statistic, statistic=_counted_inside(statistic.statistic, counter))
    first = next(i for i, part in enumerate(statistic.parts) if _bootstrap_in(part))
    parts = [_counted_inside(part, counter) if i == first else part for i, part in enumerate(statistic.parts)]
    return replace(statistic, parts=tuple(parts))


@contextmanager
def engine_named(name: str) -> Iterator[Any]:
    """Yield the engine of a name; while it is open, long work shows its progress on a terminal's stderr."""
    if name == "dask":
        from suffice.engines.dask import Dask

        engine: Any = Dask(workers=cores())
    else:
        engine = Threads()
    if not sys.stderr.isatty():
        yield engine
        return
    counter = Counter()
    with _shown(counter):
        yield CountingEngine(engine, counter, rows=name != "dask")


@contextmanager
def _shown(counter: Counter) -> Iterator[None]:
    done = threading.Event()
    show = _tell if os.environ.get("TERM") == "dumb" else _show
    thread = threading.Thread(target=show, args=(counter, done), name="suffice-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(counter: Counter, done: threading.Event) -> None:
    """Rewrite the last line of the terminal until the work is done, then clear it."""
    began = time.monotonic()
    if done.wait(SILENT_SECONDS):
        return
    while not done.wait(REFRESH_SECONDS):
        seconds = time.monotonic() - began
        LINE.show(f"{COMPILING}, {seconds:.0f} s" if compiling() else progress_line(counter, seconds))
    LINE.clear()


def _tell(counter: Counter, done: threading.Event) -> None:
    """Say once that kernels are compiled, in a terminal whose lines cannot be rewritten."""
    waited = done.wait(SILENT_SECONDS)
    while not waited and not compiling():
        waited = done.wait(REFRESH_SECONDS)
    if not waited:
        click.echo(f"suffice: {COMPILING}", err=True)


def compiling() -> bool:
    """Say whether a kernel is being compiled: one from the cache is there before anybody can ask."""
    module = sys.modules.get("suffice.kernels.compile")
    return bool(getattr(module, "under_way", ()))


def progress_line(counter: Counter, seconds: float) -> str:
    """Return "pass 3, 12,582,912 rows read, 4,194,304 rows/s, 3 s", after what it is for."""
    task = f"{counter.task}, " if counter.task else ""
    rows = f", {counter.rows:,} rows read, {counter.rows / seconds:,.0f} rows/s" if counter.rows else ""
    return f"{task}pass {counter.passes}{rows}, {seconds:.0f} s"
