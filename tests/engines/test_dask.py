"""The engine for clusters: the same bits as threads, after the death of a worker too."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

distributed = pytest.importorskip("distributed")

from statistics_catalogue import flat  # noqa: E402

from suffice.engines import Dask, Threads  # noqa: E402
from suffice.engines.remote import bytes_carried  # noqa: E402
from suffice.errors import (  # noqa: E402
    DataError,
    DataNeeded,
    EngineError,
    MissingDependencyError,
    ParameterError,
    SourceChangedError,
)
from suffice.sources import BLOCK_ROWS, Block, as_source  # noqa: E402
from suffice.statistics import Extent, HashedSample, OnColumns, Product, QuantileSketch, Scatter  # noqa: E402

EVERYTHING = Product((Extent(), Scatter(), HashedSample(), OnColumns((0,), QuantileSketch())))


@pytest.fixture(scope="module")
def client():
    options = {"processes": True, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "silence_logs": 60}
    with distributed.LocalCluster(2, **options) as cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def rows():
    return np.random.default_rng(3).normal(1e6, 1.0, (18 * BLOCK_ROWS + 17, 2))


def bits(summary: Any) -> bytes:
    return pickle.dumps({k: np.asarray(v).tobytes() for k, v in flat(summary).items()})


def reduced(engine: Any, source: Any, passes: int = 1) -> list[bytes]:
    with engine.open(source) as session:
        return [bits(session.reduce(EVERYTHING)) for _ in range(passes)]


@pytest.fixture(scope="module")
def expected(rows):
    return reduced(Threads(2), as_source(rows))[0]


def test_two_processes_give_the_bits_of_threads(client, rows, expected):
    assert reduced(Dask(client), as_source(rows), passes=2) == [expected, expected]


def test_one_process_gives_the_bits_of_threads(rows, expected):
    assert reduced(Dask(workers=1), as_source(rows)) == [expected]


def test_the_active_client_is_found(client, rows, expected):
    assert reduced(Dask(), as_source(rows)) == [expected]


def test_a_parquet_file_is_read_by_the_workers(client, rows, expected, tmp_path):
    path = tmp_path / "data.parquet"
    pq.write_table(pa.table({"x0": rows[:, 0], "x1": rows[:, 1]}), path, row_group_size=100_000)
    assert reduced(Dask(client), as_source(path), passes=2) == [expected, expected]


def test_a_text_file_is_decoded_here_and_observed_there(client, rows, tmp_path):
    path = tmp_path / "data.csv"
    few = rows[: BLOCK_ROWS + 1000]
    np.savetxt(path, few, fmt="%.17g", delimiter=",", header="x0,x1", comments="")
    assert reduced(Dask(client), as_source(path), passes=2) == reduced(Threads(1), as_source(few)) * 2


def test_an_iterable_is_observed_once(client):
    source = as_source(iter([np.ones((10, 1)), np.zeros((10, 1))]))
    with Dask(client).open(source) as session:
        assert session.reduce(Scatter()).weight == 20.0
        with pytest.raises(DataNeeded, match="once only"):
            session.reduce(Scatter())


def test_data_stay_on_the_workers_between_passes(client, rows):
    with Dask(client).open(as_source(rows)) as session:
        session.reduce(Scatter())
        sent = dict(session._sent)
        assert sent
        session.reduce(Extent())
        assert session._sent == sent


def two_workers(client: Any) -> None:
    """Wait until those who were killed are replaced; a cluster that does not do it is given another."""
    try:
        client.wait_for_workers(2, timeout=5)
    except TimeoutError:
        client.cluster.scale(len(client.cluster.worker_spec) + 1)
        client.wait_for_workers(2, timeout=30)


@dataclass(frozen=True)
class Deadly:
    """Kills the process that observes a certain block, once: the marker is a file."""

    statistic: Any
    at: int
    marker: str

    def observe(self, block: Block) -> Any:
        if block.start // BLOCK_ROWS == self.at:
            try:
                os.close(os.open(self.marker, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), 9)
        return self.statistic.observe(block)


@pytest.mark.parametrize("layout", ["array", "parquet"])
def test_a_worker_killed_in_mid_pass_changes_no_bit(client, rows, expected, layout, tmp_path):
    two_workers(client)
    source = as_source(rows)
    if layout == "parquet":
        pq.write_table(pa.table({"x0": rows[:, 0], "x1": rows[:, 1]}), tmp_path / "d.parquet")
        source = as_source(tmp_path / "d.parquet")
    marker = tmp_path / "killed"
    with Dask(client).open(source) as session:
        # the pass before it leaves pieces and results on the worker that dies
        assert bits(session.reduce(EVERYTHING)) == expected
        assert bits(session.reduce(Deadly(EVERYTHING, 9, str(marker)))) == expected
        assert marker.exists()
        assert bits(session.reduce(EVERYTHING)) == expected


@dataclass(frozen=True)
class AlwaysDeadly:
    def observe(self, block: Block) -> Any:
        os.kill(os.getpid(), 9)


@dataclass(frozen=True)
class Bad:
    error: Exception

    def observe(self, block: Block) -> Any:
        raise self.error


def test_a_pass_that_kills_every_worker_ends_with_an_error(client, monkeypatch):
    two_workers(client)
    monkeypatch.setattr(client.cluster.scheduler, "allowed_failures", 0)
    with Dask(client).open(as_source(np.ones(10))) as session:
        with pytest.raises(EngineError, match="died again and again while they observed part 0 of an array"):
            session.reduce(AlwaysDeadly())
        two_workers(client)
        assert session.reduce(Scatter()).weight == 10.0


def test_an_error_of_the_data_comes_out_as_it_is(client, rows):
    with Dask(client).open(as_source(rows)) as session:
        with pytest.raises(DataError, match="row 7 is bad") as caught:
            session.reduce(Bad(DataError("row 7 is bad", row=7)))
        assert caught.value.row == 7
        assert session.reduce(Scatter()).weight == len(rows)


def test_an_error_of_the_program_comes_out_too(client, rows):
    with Dask(client).open(as_source(rows[:10])) as session, pytest.raises(ZeroDivisionError):
        session.reduce(Bad(ZeroDivisionError()))


def test_data_that_change_are_refused(client):
    x = np.random.default_rng(0).normal(size=1000)
    with Dask(client).open(as_source(x)) as session:
        session.reduce(Scatter())
        x[0] = 5.0
        with pytest.raises(SourceChangedError):
            session.reduce(Scatter())


def test_arrays_in_a_piece_are_counted_without_a_copy(rows):
    piece = as_source(rows).pieces()[0]
    assert bytes_carried(piece) > piece.values.nbytes
    assert bytes_carried(3) < 100


def test_no_client_says_what_to_do(monkeypatch):
    def none() -> Any:
        raise ValueError("No clients found")

    monkeypatch.setattr(distributed, "default_client", none)
    with pytest.raises(EngineError, match=r"pass it as Dask\(client\), or let Dask\(workers=2\)"):
        Dask().open(as_source([1.0]))


def test_no_dask_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(MissingDependencyError, match=r"pip install '\.\[dask\]'"):
        Dask().open(as_source([1.0]))


def test_a_client_and_a_new_cluster_exclude_each_other(client):
    with pytest.raises(ParameterError, match="excludes client="):
        Dask(client, workers=2)
    with pytest.raises(ParameterError, match="at least 1 process"):
        Dask(workers=0)


@pytest.mark.parametrize("name", ["Normal", "Gamma", "StudentT", "MultivariateNormal"])
def test_a_fit_on_processes_has_the_bits_of_a_fit_on_threads(name, client, rows):
    import suffice as sf

    data = rows[: 3 * BLOCK_ROWS + 5]
    columns = None if name == "MultivariateNormal" else [1]
    fits = [sf.fit(getattr(sf, name), data, columns=columns, engine=e) for e in (Dask(client), Threads(2))]
    first, second = [(f.log_likelihood, f.solution.phi.tobytes(), f.solution.hessian.tobytes()) for f in fits]
    assert first == second
