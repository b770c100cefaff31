"""Distributions that are symmetric about their location, whose upper tails are lower ones of the mirrored variable."""

from __future__ import annotations

from typing import Any

import numpy as np

from suffice.distributions.distribution import ContinuousDistribution


class SymmetricDistribution(ContinuousDistribution):
    """A family symmetric about its first parameter, a location, with a scale as its second.

    It states `_cdf`, `_log_cdf` and `_icdf`, quantiles as location + scale · z: the upper tail of x is the lower one of
    −x, and quantiles from above lie on the other side of the location, to the last digit.
    """

    __slots__ = ()

    @classmethod
    def _ccdf(cls, x: Any, location: Any, scale: Any, /, *shape: Any) -> Any:
        return cls._cdf(-np.asarray(x), -location, scale, *shape)

    @classmethod
    def _log_ccdf(cls, x: Any, location: Any, scale: Any, /, *shape: Any) -> Any:
        return cls._log_cdf(-np.asarray(x), -location, scale, *shape)

    @classmethod
    def _iccdf(cls, q: Any, location: Any, scale: Any, /, *shape: Any) -> Any:
        return cls._icdf(q, location, -scale, *shape)


def log_about_kink(inner: Any, low: Any, high: Any) -> Any:
    """Return log P(low < Z ≤ high) of intervals that hold 0, or come nearer to it than half their width; NaN of others.

    A density with a kink at 0 is no polynomial there, and nothing cancels in P(|Z| ≤ high) and P(|Z| ≤ low).

    Parameters
    ----------
    inner : size → P(|Z| ≤ size), to the last digit also where it is small
    """
    first, last = np.minimum(np.abs(low), np.abs(high)), np.maximum(np.abs(low), np.abs(high))
    astride = (low < 0.0) & (high > 0.0)
    mass = np.where(astride, inner(last) + inner(first), inner(last) - inner(first))
    return np.where(astride | (first < 0.5 * (last - first)), np.log(0.5 * mass), np.nan)
