"""What a test of multivariate normality returns."""

from __future__ import annotations

from dataclasses import dataclass

from suffice.inference.p_value_text import p_value_text


@dataclass(frozen=True, slots=True)
class NormalityTest:
    """A test of the hypothesis that rows are multivariate normal, mean and covariance unknown.

    Parameters
    ----------
    name : of the test
    statistic : skewness: n b₁,d/6; kurtosis: b₂,d standardized; Henze and Zirkler's: their T
    p_value : the probability of a statistic as extreme, if the rows are normal
    effect : how far from normal, whatever n: b₁,d (symmetric: 0), b₂,d, or T/n (a squared distance of characteristic
        functions)
    expected : the effect that is expected of n normal rows
    method : where the p-value comes from, and whether it is exact
    n, d : rows, or Σ of their weights; columns
    """

    name: str
    statistic: float
    p_value: float
    effect: float
    expected: float
    method: str
    n: float
    d: int

    @property
    def parts(self) -> tuple[NormalityTest, ...]:
        """The tests that it is made of: itself."""
        return (self,)

    def __str__(self) -> str:
        return (
            f"{self.name}: statistic {self.statistic:.6g}, {p_value_text(self.p_value)}; effect {self.effect:.4g}, "
            f"{self.expected:.4g} expected of n = {self.n:,.15g} normal rows\n  p-value: {self.method}"
        )


@dataclass(frozen=True, slots=True)
class MardiaTest:
    """Mardia's two tests of multivariate normality, and both together.

    Parameters
    ----------
    skewness : sensitive to asymmetry
    kurtosis : sensitive to heavy or light tails
    """

    skewness: NormalityTest
    kurtosis: NormalityTest

    @property
    def parts(self) -> tuple[NormalityTest, ...]:
        """The tests that it is made of."""
        return (self.skewness, self.kurtosis)

    @property
    def decisive(self) -> NormalityTest:
        """The one with the smaller p-value."""
        return min(self.skewness, self.kurtosis, key=lambda test: test.p_value)

    @property
    def p_value(self) -> float:
        """Twice the smaller p-value (Bonferroni), at most 1."""
        return min(1.0, 2.0 * self.decisive.p_value)

    @property
    def statistic(self) -> float:
        """The statistic of the one with the smaller p-value."""
        return self.decisive.statistic

    @property
    def effect(self) -> float:
        """The effect of the one with the smaller p-value."""
        return self.decisive.effect

    @property
    def method(self) -> str:
        """Where the p-value comes from."""
        return f"twice the smaller of two p-values (Bonferroni), that of {self.decisive.name}: {self.decisive.method}"

    def __str__(self) -> str:
        return f"{self.skewness}\n{self.kurtosis}\nboth: {p_value_text(self.p_value)}, twice the smaller (Bonferroni)"
