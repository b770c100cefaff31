"""The weights of a block, their number checked: a kernel that trusted it would read past their end."""

from __future__ import annotations

import numpy as np

from suffice.errors import ShapeError
from suffice.sources.block import Block


def weights_of(block: Block) -> np.ndarray | None:
    """Return the weights, shape (n,) or (m, n), or None.

    Raises
    ------
    ShapeError
        There is not one weight per row.
    """
    weights = block.weights
    if weights is not None and weights.shape[-1:] != (len(block.rows),):
        message = (
            f"weights must have one value per row, but weights of shape {weights.shape} came with "
            f"{len(block.rows)} rows; pass one weight for each row, 1 where it counts once"
        )
        raise ShapeError(message, expected=len(block.rows), shape=weights.shape)
    return weights


def has_weight(block: Block) -> np.ndarray:
    """Say of each row whether it has a weight other than 0, in some set of weights, shape (n,)."""
    weights = weights_of(block)
    if weights is None:
        return np.ones(len(block.rows), dtype=bool)
    return np.asarray((weights != 0.0).any(axis=0) if weights.ndim == 2 else weights != 0.0)


def one_set_of_weights(block: Block, who: str) -> np.ndarray | None:
    """Return the weights, shape (n,), or None; `who` takes no more than one set.

    Raises
    ------
    ShapeError
        There are several sets, or not one weight per row.
    """
    weights = weights_of(block)
    if weights is not None and weights.ndim > 1:
        raise ShapeError(f"{who} take one set of weights; observe each replicate by itself", shape=weights.shape)
    return weights
