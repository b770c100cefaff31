"""A Parquet file of 1e7 rows of 8 columns described, against the bare reading of it; peak memory; Dask."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import suffice as sf
from benchmarks.measure import Result, check, interleaved

ROWS, COLUMNS, GROUP = 10_000_000, 8, 1_048_576
BATCH = 65_536
MEGABYTES = 200.0
RANK_ERROR = 1e-3

# The peaks of a process's memory, in MB: after the import of Suffice, which loads nothing; after a small
# description, which loads every module and kernel that the work needs; and after the large one.
MEMORY = """
import sys
from benchmarks.parquet_describe import _peak
import suffice as sf
sf.describe(sys.argv[1])
loaded = _peak()
sf.describe(sys.argv[2])
print(_peak() - loaded, loaded)
"""


def write(path: Path, rows: int) -> None:
    """Write row groups of normal values, one group in memory at a time."""
    rng = np.random.default_rng(5)
    names = [f"c{j}" for j in range(COLUMNS)]
    schema = pa.schema([(name, pa.float64()) for name in names])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, GROUP):
            n = min(GROUP, rows - start)
            writer.write_table(pa.table([rng.standard_normal(n) for _ in names], schema=schema), row_group_size=n)


def read(path: Path) -> int:
    """Read all batches and do nothing with them: the fastest settings that were found."""
    file = pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    return sum(batch.num_rows for batch in file.iter_batches(BATCH))


def check_ranks(path: Path, description: sf.Description) -> float:
    """Return the largest rank error of the quantiles of one column, and check it against what is guaranteed."""
    values = np.sort(pq.read_table(path, columns=["c0"])["c0"].to_numpy())
    column = description["c0"]
    ranks = [(p, np.searchsorted(values, q, side="right") / len(values)) for p, q in column.quantiles if 0 < p < 1]
    error = max(abs(p - rank) for p, rank in ranks)
    check(error <= column.rank_error <= RANK_ERROR, f"rank error {error:g}, guaranteed {column.rank_error:g}")
    check(abs(column.mean - values.mean()) < 1e-12, "the mean")
    check(abs(column.standard_deviation - values.std(ddof=1)) < 1e-10, "the standard deviation")
    return error


def run(rows: int = ROWS) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "values.parquet", Path(folder) / "small.parquet"
        write(path, rows)
        write(small, 1_000)
        what = f"Parquet, {rows:.0e} x {COLUMNS} doubles described"
        return [*_threads(path, small, what), *_dask(path, small, what)]


def _threads(path: Path, small: Path, what: str) -> list[Result]:
    (ours, theirs), (description, _) = interleaved(3, lambda: sf.describe(path), lambda: read(path))
    error = check_ranks(path, description)
    note = f"rank error {error:.2g}, guaranteed {description['c0'].rank_error:.2g}; row groups of {GROUP:,}, snappy"
    command = [sys.executable, "-c", MEMORY, str(small), str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    megabytes, loaded = map(float, printed.split())
    memory = f"above {loaded:.0f} MB with all modules and kernels loaded"
    return [
        Result(what, "bare iter_batches", ours.wall, theirs.wall, 2.5, note=note, cpu=(ours.cpu, theirs.cpu)),
        Result(f"{what}: peak memory above the import", "", megabytes, 0.0, MEGABYTES, unit="MB", note=memory),
    ]


def _peak() -> float:
    """Return the peak of this process's memory, in MB."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _dask(path: Path, small: Path, what: str) -> list[Result]:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        print("Dask: left out, because distributed is not installed")
        return []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        engine = sf.Dask(client)
        # A small file per worker loads the modules and kernels there.
        client.run(sf.describe, str(small))
        before = client.run(_peak)
        (ours, theirs), (description, _) = interleaved(3, lambda: sf.describe(path, engine=engine), lambda: read(path))
        check_ranks(path, description)
        grown = max(peak - before[worker] for worker, peak in client.run(_peak).items())
    return [
        Result(f"{what} by Dask, 2 processes already started", "bare iter_batches", ours.wall, theirs.wall, 2.5),
        Result(f"{what} by Dask: peak memory of a worker above the import", "", grown, 0.0, MEGABYTES, unit="MB"),
    ]
