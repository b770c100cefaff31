"""An interrupt ends work within a block, not only between blocks."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event, Thread, main_thread

import numpy as np
import pytest

import suffice as sf
from suffice.engines.threads import Threads
from suffice.sources import BLOCK_ROWS, as_source
from suffice.sources.block import Block
from suffice.statistics.stopping import Stopped, go_on_unless_stopped, heed
from suffice.statistics.tally import Tally
from suffice.statistics.wrappers import PoissonBootstrap


@dataclass(eq=False)
class Interrupting:
    """Counts its parts; the first one interrupts as Ctrl-C does, which raises in the main thread only."""

    seen: list[int]
    begun: Event

    def observe(self, block: Block):
        self.seen.append(len(block.rows))
        self.begun.set()
        return Tally().observe(block)


def test_a_bootstrap_of_one_block_stops_between_its_parts():
    seen: list[int] = []
    stop = Event()
    raised: list[type] = []

    @dataclass(eq=False)
    class StoppedAtTheThird:
        def observe(self, block: Block):
            seen.append(len(block.rows))
            if len(seen) == 3:
                stop.set()
            return Tally().observe(block)

    def work():
        heed(stop)
        try:
            PoissonBootstrap(1, 999, StoppedAtTheThird()).observe(Block(np.ones((BLOCK_ROWS, 1))))
        except Stopped:
            raised.append(Stopped)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert raised == [Stopped]
    assert len(seen) == 3
    assert sum(seen) < BLOCK_ROWS / 10


def test_a_thread_that_heeds_nothing_goes_on():
    go_on_unless_stopped()
    assert PoissonBootstrap(1, 2, Tally()).observe(Block(np.ones((10, 1)))) is not None


def test_an_interrupted_pass_of_threads_ends_within_its_blocks(monkeypatch):
    seen: list[int] = []
    begun = Event()
    bootstrap = PoissonBootstrap(1, 999, Interrupting(seen, begun))
    from concurrent.futures import Future

    result = Future.result

    def interrupted(self, timeout=None):
        if begun.wait(60) and main_thread().is_alive():
            monkeypatch.setattr(Future, "result", result)
            raise KeyboardInterrupt
        return result(self, timeout)

    monkeypatch.setattr(Future, "result", interrupted)
    with Threads(2).open(as_source(np.ones(8 * BLOCK_ROWS))) as session, pytest.raises(KeyboardInterrupt):
        session.reduce(bootstrap)
    assert 0 < sum(seen) < BLOCK_ROWS


def test_the_same_bootstrap_serves_all_parameters_of_a_table(monkeypatch):
    from suffice.inference.fit import Fit
    from suffice.inference.fit_text import estimate_rows

    fit = sf.fit(sf.Gamma, sf.datasets.path("groundbeef"))
    asked = [fit.interval(name, method="bootstrap") for name in ("shape", "rate")]
    calls = []
    bootstrap = Fit.bootstrap
    monkeypatch.setattr(Fit, "bootstrap", lambda *a, **k: calls.append(1) or bootstrap(*a, **k))
    rows = estimate_rows(fit, method="bootstrap")
    assert len(calls) == 1
    assert [(row.lower, row.upper) for row in rows] == [tuple(interval) for interval in asked]
