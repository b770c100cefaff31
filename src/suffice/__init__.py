"""Suffice: probability models of data, with their uncertainty and a certificate, at any size.

>>> import suffice as sf
>>> fit = sf.fit(sf.Normal, [1.0, 2.0, 4.0, 7.0])
>>> fit.model
Normal(mu=3.5, sigma=2.291)
"""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from typing import Any

__version__ = "0.1.0"

# Where each public name lives. A name is loaded when it is first used, so that `import suffice` is quick.
_PLACES = {
    "inference.fitting": ("fit", "fit_each"),
    "inference.fit": ("Fit",),
    "inference.comparing": ("compare",),
    "inference.comparison": ("Comparison",),
    "inference.likelihood_ratio": ("likelihood_ratio_test",),
    "inference.model_test": ("ModelTest",),
    "inference.vuong": ("VuongTest", "vuong_test"),
    "inference.summarizing": ("Summarized", "summarize"),
    "inference.description": ("Description", "describe"),
    "inference.interval": ("ConfidenceInterval",),
    "inference.multivariate_normality": ("henze_zirkler", "mardia"),
    "inference.outlier_search": ("outliers",),
    "inference.outlier_table": ("Outliers",),
    "inference.difference": ("difference", "ratio"),
    "inference": ("targets",),
    "distributions.normal": ("Normal",),
    "distributions.log_normal": ("LogNormal",),
    "distributions.exponential": ("Exponential",),
    "distributions.gamma": ("Gamma",),
    "distributions.weibull": ("Weibull",),
    "distributions.student_t": ("StudentT",),
    "distributions.poisson": ("Poisson",),
    "distributions.binomial": ("Binomial",),
    "distributions.negative_binomial": ("NegativeBinomial",),
    "distributions.chi_squared": ("ChiSquared",),
    "distributions.half_normal": ("HalfNormal",),
    "distributions.inverse_gamma": ("InverseGamma",),
    "distributions.inverse_gaussian": ("InverseGaussian",),
    "distributions.log_logistic": ("LogLogistic",),
    "distributions.rayleigh": ("Rayleigh",),
    "distributions.bernoulli": ("Bernoulli",),
    "distributions.geometric": ("Geometric",),
    "distributions.beta": ("Beta",),
    "distributions.generalized_pareto": ("GeneralizedPareto",),
    "distributions.zero_inflated_poisson": ("ZeroInflatedPoisson",),
    "distributions.gompertz": ("Gompertz",),
    "distributions.zipf": ("Zipf",),
    "distributions.burr_xii": ("BurrXII",),
    "distributions.beta_binomial": ("BetaBinomial",),
    "distributions.zero_inflated_negative_binomial": ("ZeroInflatedNegativeBinomial",),
    "distributions.categorical": ("Categorical",),
    "distributions.dirichlet": ("Dirichlet",),
    "distributions.multinomial": ("Multinomial",),
    "distributions.multivariate_normal": ("MultivariateNormal",),
    "distributions.multivariate_student_t": ("MultivariateStudentT",),
    "distributions.gumbel": ("Gumbel",),
    "distributions.logistic": ("Logistic",),
    "distributions.laplace": ("Laplace",),
    "distributions.uniform": ("Uniform",),
    "distributions.pareto": ("Pareto",),
    "distributions.cauchy": ("Cauchy",),
    "distributions.generalized_extreme_value": ("GeneralizedExtremeValue",),
    "distributions.mapped_family": ("scaled", "shifted", "transformed"),
    "distributions.truncated_family": ("truncated",),
    "distributions.skew_normal": ("SkewNormal",),
    "distributions.generalized_normal": ("GeneralizedNormal",),
    "distributions.von_mises": ("VonMises",),
    "distributions.parameter": ("positive_line", "real_line"),
    "calculus": ("maps",),
    "calculus.transforms": ("positive", "real", "unit_interval"),
    "engines.threads": ("Threads",),
    "engines.dask": ("Dask",),
    "storage.files": ("load", "save"),
}
_HOME = {name: module for module, names in _PLACES.items() for name in names}
_PACKAGES = (
    "calculus",
    "datasets",
    "distributions",
    "engines",
    "errors",
    "inference",
    "linalg",
    "sources",
    "statistics",
)

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(f"suffice.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name in _PACKAGES:
        return importlib.import_module(f"suffice.{name}")
    close = get_close_matches(name, [*_HOME, *_PACKAGES], n=1)
    meant = f"did you mean {close[0]}?" if close else "its public names are in suffice.__all__"
    raise AttributeError(f"suffice has no {name!r}; {meant}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_PACKAGES])
