"""Wrappers, outermost first: columns, bootstrap or labels, drop missing, affine map, statistic.

Some only show the statistic another block: `shown` makes it, and is called once for all whose `key` is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import Block
from suffice.statistics.block_weights import weights_of
from suffice.statistics.statistic import Statistic, observe_samples
from suffice.statistics.stopping import go_on_unless_stopped


@dataclass(frozen=True, slots=True)
class OnColumns:
    """Show a statistic only some columns.

    Parameters
    ----------
    indices : the positions of the columns, in the order wanted
    statistic : what observes them
    """

    indices: tuple[int, ...]
    statistic: Statistic

    @property
    def key(self) -> tuple[Any, ...]:
        """What the block depends on that the statistic is shown."""
        return OnColumns, self.indices

    def observe(self, block: Block) -> Any:
        """Observe the chosen columns of a block."""
        return self.statistic.observe(self.shown(block))

    def shown(self, block: Block) -> Block:
        """Return the chosen columns of a block."""
        rows = (
            block.rows[:, self.indices[0] : self.indices[0] + 1]
            if len(self.indices) == 1
            else (block.rows[:, list(self.indices)])
        )
        return Block(rows, block.weights, block.labels, block.start)


@dataclass(frozen=True, slots=True)
class DropMissing:
    """Drop the rows with a missing value in any column that the statistic sees."""

    statistic: Statistic

    @property
    def key(self) -> tuple[Any, ...]:
        """What the block depends on that the statistic is shown."""
        return (DropMissing,)

    def observe(self, block: Block) -> Any:
        """Observe the complete rows of a block."""
        return self.statistic.observe(self.shown(block))

    def shown(self, block: Block) -> Block:
        """Return the complete rows of a block."""
        weights_of(block)
        complete = ~np.isnan(block.columns).any(axis=0)
        return block if complete.all() else block.take(complete)


@dataclass(frozen=True, slots=True)
class DropWeightless:
    """Drop the rows of weight zero: they are not there, whatever their values."""

    statistic: Statistic

    @property
    def key(self) -> tuple[Any, ...]:
        """What the block depends on that the statistic is shown."""
        return (DropWeightless,)

    def observe(self, block: Block) -> Any:
        """Observe the rows with a weight."""
        return self.statistic.observe(self.shown(block))

    def shown(self, block: Block) -> Block:
        """Return the rows with a weight; of bad weights, which others refuse, every row."""
        weights = weights_of(block)
        if weights is None:
            return block
        present = weights != 0.0
        if present.ndim == 2:
            present = present.any(axis=0)
        return block if present.all() else block.take(present)


@dataclass(frozen=True, slots=True)
class AffineMap:
    """Observe z = (x − shift)/factor.

    Parameters
    ----------
    shift : a reference inside the data, so that the subtraction is exact where it matters
    factor : a power of two, so that the division is exact
    statistic : what observes z
    """

    shift: float
    factor: float
    statistic: Statistic

    @property
    def key(self) -> tuple[Any, ...]:
        """What the block depends on that the statistic is shown."""
        return AffineMap, self.shift, self.factor

    def observe(self, block: Block) -> Any:
        """Observe the mapped rows of a block."""
        return self.statistic.observe(self.shown(block))

    def shown(self, block: Block) -> Block:
        """Return the mapped rows of a block."""
        if self.shift == 0.0 and self.factor == 1.0:
            return block
        rows = block.rows - self.shift
        rows /= self.factor
        return Block(rows, block.weights, block.labels, block.start)

    def observe_samples(self, x: np.ndarray) -> Any:
        """Observe mapped samples, shape (m, n), one by one."""
        return observe_samples(self.statistic, (x - self.shift) / self.factor)


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Give the rows labels that came beside the data.

    Parameters
    ----------
    labels : ndarray of int64, shape (n,), one for each row of the source
    statistic : what observes rows and labels
    """

    labels: np.ndarray
    statistic: Statistic

    def observe(self, block: Block) -> Any:
        """Observe a block with its labels."""
        end = block.start + len(block.rows)
        if end > len(self.labels):
            raise _missing_labels(len(self.labels), f"at least {end:,} rows")
        return self.statistic.observe(Block(block.rows, block.weights, self.labels[block.start : end], block.start))


def _missing_labels(labels: int, rows: str) -> ShapeError:
    return ShapeError(
        f"there must be one label per row, but {labels:,} labels came with {rows}; pass one for each row of the data, "
        "those left out because of missing values among them"
    )


@dataclass(frozen=True, slots=True)
class PoissonBootstrap:
    """Observe m resamples together: each row comes Poisson(w) times in each replicate, w its weight, or 1.

    The numbers come from a counter-based generator keyed by (seed, purpose, block) that is advanced to
    the row, so that they depend on the row alone, never on who observes it.

    Parameters
    ----------
    seed : a non-negative integer
    first, replicates : the replicates first … first + replicates − 1
    statistic : what observes; it must accept weights of shape (m, n)
    purpose : a word number that keeps two uses of one seed apart
    """

    seed: int
    replicates: int
    statistic: Statistic
    first: int = 0
    purpose: int = 0

    def observe(self, block: Block) -> Any:
        """Observe a block under every replicate's weights."""
        weights_of(block)
        size = max(256, 1_048_576 // max(self.replicates, 1))
        total = None
        for part in block.split(size) if len(block.rows) else (block,):
            go_on_unless_stopped()
            weights = poisson_counts(
                self.seed, self.purpose, self.first, self.replicates, part.start, len(part.rows), part.weights
            )
            summary = self.statistic.observe(Block(part.rows, weights, part.labels, part.start))
            total = summary if total is None else total.merge(summary)
        return total


# Above this mean the table would be long, and Poisson counts are nearly normal.
LARGE_MEAN = 10_000.0
# Cumulative probabilities of Poisson(1) in units of 2⁻³²; the tail beyond 12 has probability 6e-11.
_POISSON_ONE = np.floor(
    2.0**32 * np.cumsum([np.exp(-1.0) / f for f in (1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800)])
).astype(np.uint32)


def poisson_counts(
    seed: int, purpose: int, first: int, replicates: int, start: int, rows: int, means: np.ndarray | None = None
) -> np.ndarray:
    """Return Poisson counts, shape (replicates, rows), a function of (seed, purpose, replicate, row).

    A 64-bit mixing function (Steele, Lea and Flood 2014, SplitMix64) of the pair gives 32 bits, which
    are inverted through the cumulative distribution.

    Parameters
    ----------
    means : ndarray, shape (rows,): their means; 1 where None. Weights count rows: a row of weight 2 is drawn as
        the sum of two draws.
    """
    row = np.arange(start, start + rows, dtype=np.uint64)
    replicate = np.arange(first, first + replicates, dtype=np.uint64)
    key = np.uint64((seed * 0x9E3779B97F4A7C15 + purpose * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF)
    lanes = mix(mix(replicate + key)[:, None] ^ mix(row + np.uint64(0x2545F4914F6CDD1D))[None, :])
    bits = (lanes >> np.uint64(32)).astype(np.uint32)
    if means is None:
        return np.searchsorted(_POISSON_ONE, bits, side="right").astype(float)
    counts = np.empty(bits.shape)
    for mean in np.unique(means):
        chosen = means == mean
        counts[:, chosen] = _inverted(bits[:, chosen], float(mean))
    return counts


def _inverted(bits: np.ndarray, mean: float) -> np.ndarray:
    """Return the Poisson quantiles of 32-bit fractions: by a table, or if the mean is large by Cornish and Fisher."""
    from scipy import special

    if mean == 0.0:
        return np.zeros(bits.shape)
    if mean > LARGE_MEAN:
        z = special.ndtri((bits + 0.5) / 2.0**32)
        return np.maximum(np.floor(mean + np.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5), 0.0)
    table = special.pdtr(np.arange(int(mean + 10.0 * np.sqrt(mean)) + 30), mean)
    return np.searchsorted(np.floor(2.0**32 * table), bits.astype(float), side="right").astype(float)


def mix(values: np.ndarray) -> np.ndarray:
    """Return the SplitMix64 finaliser of unsigned 64-bit integers."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
