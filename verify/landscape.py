"""A log-likelihood written apart from the library, over a box in which it is searched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Objective = Callable[[np.ndarray], np.ndarray]

LOG_TWO_PI = np.log(2.0 * np.pi)


@dataclass(frozen=True)
class Landscape:
    """A log-likelihood over a box.

    Parameters
    ----------
    log_likelihood : coordinates (p, s) → nats (s,), of the data as they are, not standardised
    box : the bounds of each coordinate
    coordinates : a fitted model → coordinates (p,)
    unwarped : search coordinates (p, s) → coordinates (p, s); a wide search covers the first evenly
    spikes : points (p, s) where the likelihood may be high but too narrow to be met by chance, or None
    anchors : points (p, s) from each of which a local search begins, or None
    slack : nats by which the rounding of a model's parameters can change its log-likelihood
    regular : a fitted model → whether theory gives finite standard errors there
    """

    log_likelihood: Objective
    box: list[tuple[float, float]]
    coordinates: Callable[[Any], np.ndarray]
    unwarped: Callable[[np.ndarray], np.ndarray] = np.asarray
    spikes: np.ndarray | None = None
    anchors: np.ndarray | None = None
    slack: float = 0.0
    regular: Callable[[Any], bool] = lambda model: True
