"""The two protocols on which everything stands: a statistic observes blocks, its summaries merge."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import Block


class Summary(Protocol):
    """What a statistic computed from some rows.

    `merge` is associative and commutative to rounding, the summary of an empty block is its
    identity, and shapes are checked even when a side is empty. Divisors appear when a summary is
    read, never in it.
    """

    def merge(self, other: Any, /) -> Any:
        """Return the summary of the rows of both, `self`'s rows first."""
        ...


class Statistic(Protocol):
    """What to compute from a block: immutable, picklable, comparable with ==.

    A statistic may carry parameters with leading axes, where many models are evaluated together. It may
    also have `observe_run(block)`: the summary of 2^k consecutive blocks of one unweighted column, given as
    one long block, to the same bits as their merge; or None where it cannot. That saves the cost of a call
    per block where the arithmetic takes only microseconds. And `observe_samples(x)`: see the function of that name.
    """

    def observe(self, block: Block, /) -> Any:
        """Return the summary of one block; of an empty block, the identity."""
        ...


def require_same_replicates(one: np.ndarray, other: np.ndarray) -> None:
    """Refuse to merge states with different leading axes."""
    if one.shape != other.shape:
        raise ShapeError(
            f"summaries of shapes {one.shape} and {other.shape} cannot be merged: "
            "summarize with the same number of replicates on both sides"
        )


def observe_samples(statistic: Any, x: np.ndarray) -> Any:
    """Return the summary of m samples of one column, each by itself: as from m sets of weights, with a leading axis.

    Parameters
    ----------
    statistic : one that can, such as what the likelihood of a family of one variable asks for
    x : ndarray, shape (m, n), finite values
    """
    return statistic.observe_samples(x)
