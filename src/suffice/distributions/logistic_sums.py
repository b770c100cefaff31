"""Sums of which the likelihoods of logistic, log-logistic and Burr variables are made."""

from __future__ import annotations

from typing import Any

import numpy as np


def logistic_summands(y: Any, odds: Any) -> list[Any]:
    """Return y, log(1 + t), s, sy, v, vy and vy², where t = exp(odds), s = t/(1 + t) and v = s (1 − s)."""
    t = np.exp(odds)
    rest = 1.0 / (1.0 + t)
    s = t * rest
    v = s * rest
    vy = v * y
    return [y, np.log1p(t), s, s * y, v, vy, vy * y]
