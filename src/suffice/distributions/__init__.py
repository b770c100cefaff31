"""Families of probability distributions, one file each; the classes are in `suffice` itself.

Only their names stand here, so that naming a family loads none: the command line and saved files know these.
"""

__all__ = ["NAMES", "ONE_VARIABLE"]

ONE_VARIABLE = (
    "Normal",
    "LogNormal",
    "Exponential",
    "Gamma",
    "Weibull",
    "StudentT",
    "Poisson",
    "NegativeBinomial",
)
NAMES = (*ONE_VARIABLE, "Categorical", "MultivariateNormal")
