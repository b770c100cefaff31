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
