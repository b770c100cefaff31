"""The laws of squared Mahalanobis distances: of rows that were fitted, of new rows, under known parameters.

With the estimates of maximum likelihood (mean x̄, covariance with divisor n) of n normal rows of d columns, and d² the
squared distance under them:

    ==================  ==================================  ============================================
    estimated           a row that was fitted               a new row
    ==================  ==================================  ============================================
    mean, covariance    d²/(n − 1) ~ Beta(d/2, (n−d−1)/2)   d²(n − d)/((n + 1)d) ~ F(d, n − d)
    covariance          d²/n ~ Beta(d/2, (n − d)/2)         d²(n − d + 1)/(n d) ~ F(d, n − d + 1)
    mean                d² n/(n − 1) ~ χ²(d)                d² n/(n + 1) ~ χ²(d)
    nothing             d² ~ χ²(d)                          d² ~ χ²(d)
    mean, σ² of σ²I     d²/((n−1)d) ~ Beta(d/2, (n−2)d/2)   d²(n − 1)/((n + 1)d) ~ F(d, (n − 1)d)
    σ² of σ²I           d²/(n d) ~ Beta(d/2, (n−1)d/2)      d²/d ~ F(d, n d)
    ==================  ==================================  ============================================

Source: Gnanadesikan and Kettenring (1972) for the Beta law; Hotelling (1931) for the F law; the others by the same
argument: the numerator is a part of the sum of squares in the denominator (Beta), or independent of it (F).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import special

from suffice.errors import NotAvailableError


class DistanceLaw(Protocol):
    """The distribution of squared distances of normal rows."""

    @property
    def text(self) -> str:
        """The law in words."""
        ...

    def tail(self, squared: Any) -> Any:
        """Return the probability of a larger squared distance."""
        ...

    def threshold(self, p: float) -> float:
        """Return the squared distance that is exceeded with probability p."""
        ...


@dataclass(frozen=True, slots=True)
class BetaLaw:
    """squared/largest ~ Beta(a, b): a squared distance cannot exceed `largest`."""

    a: float
    b: float
    largest: float

    @property
    def text(self) -> str:
        return f"the Beta({self.a:g}, {self.b:g}) law of d²/{self.largest:g}"

    def tail(self, squared: Any) -> Any:
        share = np.clip(np.asarray(squared, dtype=float) / self.largest, 0.0, 1.0)
        return special.betaincc(self.a, self.b, share)

    def threshold(self, p: float) -> float:
        return float(self.largest * special.betainccinv(self.a, self.b, p))


@dataclass(frozen=True, slots=True)
class FLaw:
    """squared/scale ~ F(first, second)."""

    first: float
    second: float
    scale: float

    @property
    def text(self) -> str:
        return f"the F({self.first:g}, {self.second:g}) law of d²/{self.scale:g}"

    def tail(self, squared: Any) -> Any:
        return special.fdtrc(self.first, self.second, np.asarray(squared, dtype=float) / self.scale)

    def threshold(self, p: float) -> float:
        # F = (second/first)·(1 − u)/u with u ~ Beta(second/2, first/2) small where F is large: all digits are kept
        u = special.betaincinv(0.5 * self.second, 0.5 * self.first, p)
        rest = special.betainccinv(0.5 * self.first, 0.5 * self.second, p)
        with np.errstate(divide="ignore"):
            return float(self.scale * self.second / self.first * np.divide(rest, u))


@dataclass(frozen=True, slots=True)
class ChiSquaredLaw:
    """squared/scale ~ χ²(df)."""

    df: float
    scale: float = 1.0

    @property
    def text(self) -> str:
        return f"the χ²({self.df:g}) law of d²" + (f"/{self.scale:g}" if self.scale != 1.0 else "")

    def tail(self, squared: Any) -> Any:
        return special.gammaincc(0.5 * self.df, 0.5 * np.asarray(squared, dtype=float) / self.scale)

    def threshold(self, p: float) -> float:
        return float(2.0 * self.scale * special.gammainccinv(0.5 * self.df, p))


@dataclass(frozen=True, slots=True)
class Estimated:
    """What of a normal model of d columns was estimated from n rows.

    Parameters
    ----------
    d, n : columns; rows, or Σ of their weights
    mean, covariance : whether each was estimated
    structure : of the covariance: "dense", "diagonal" or "spherical"
    """

    d: int
    n: float
    mean: bool = True
    covariance: bool = True
    structure: str = "dense"

    def law_of_fitted_rows(self) -> DistanceLaw:
        """Return the law of the squared distance of a row that was fitted.

        Raises
        ------
        NotAvailableError
            There is none for these estimates: too few rows, or a diagonal covariance of several columns.
        """
        d, rest = self.d, self.n - self.mean
        if not self.covariance:
            self._require(rest > 0)
            return ChiSquaredLaw(d, rest / self.n if self.mean else 1.0)
        if self._is_spherical:
            self._require(rest > 1)
            return BetaLaw(0.5 * d, 0.5 * (rest - 1) * d, rest * d)
        self._require(rest > d)
        return BetaLaw(0.5 * d, 0.5 * (rest - d), rest)

    def law_of_new_rows(self) -> DistanceLaw:
        """Return the law of the squared distance of a row that was not fitted."""
        d, n, rest = self.d, self.n, self.n - self.mean
        wider = (n + 1.0) / n if self.mean else 1.0
        if not self.covariance:
            return ChiSquaredLaw(d, wider)
        if self._is_spherical:
            self._require(rest > 0)
            return FLaw(d, rest * d, wider * n * d / rest)
        self._require(rest > d - 1)
        return FLaw(d, rest - d + 1, wider * n * d / (rest - d + 1))

    @property
    def _is_spherical(self) -> bool:
        if self.structure == "diagonal" and self.d > 1:
            raise NotAvailableError(
                "the law of the distances under a fitted diagonal covariance is no named one; fit "
                "sf.MultivariateNormal (dense), whose law holds for uncorrelated columns too, or fit sf.Normal to each "
                "column"
            )
        return self.structure == "spherical"

    def _require(self, enough: bool) -> None:
        if not enough:
            raise NotAvailableError(
                f"n = {self.n:g} is too few for {self.d} column{'s' * (self.d > 1)}: whatever the values, all rows are "
                "equally far out; add rows or use fewer columns"
            )
