"""The public names of Suffice, for type checkers and editors; `__init__.py` loads them when they are first used."""

from suffice import calculus as calculus
from suffice import datasets as datasets
from suffice import distributions as distributions
from suffice import engines as engines
from suffice import errors as errors
from suffice import inference as inference
from suffice import linalg as linalg
from suffice import sources as sources
from suffice import statistics as statistics
from suffice.calculus import maps as maps
from suffice.calculus.transforms import positive as positive
from suffice.calculus.transforms import real as real
from suffice.calculus.transforms import unit_interval as unit_interval
from suffice.distributions.bernoulli import Bernoulli as Bernoulli
from suffice.distributions.beta import Beta as Beta
from suffice.distributions.beta_binomial import BetaBinomial as BetaBinomial
from suffice.distributions.binomial import Binomial as Binomial
from suffice.distributions.burr_xii import BurrXII as BurrXII
from suffice.distributions.categorical import Categorical as Categorical
from suffice.distributions.cauchy import Cauchy as Cauchy
from suffice.distributions.chi_squared import ChiSquared as ChiSquared
from suffice.distributions.dirichlet import Dirichlet as Dirichlet
from suffice.distributions.exponential import Exponential as Exponential
from suffice.distributions.gamma import Gamma as Gamma
from suffice.distributions.generalized_extreme_value import GeneralizedExtremeValue as GeneralizedExtremeValue
from suffice.distributions.generalized_normal import GeneralizedNormal as GeneralizedNormal
from suffice.distributions.generalized_pareto import GeneralizedPareto as GeneralizedPareto
from suffice.distributions.geometric import Geometric as Geometric
from suffice.distributions.gompertz import Gompertz as Gompertz
from suffice.distributions.gumbel import Gumbel as Gumbel
from suffice.distributions.half_normal import HalfNormal as HalfNormal
from suffice.distributions.inverse_gamma import InverseGamma as InverseGamma
from suffice.distributions.inverse_gaussian import InverseGaussian as InverseGaussian
from suffice.distributions.laplace import Laplace as Laplace
from suffice.distributions.log_logistic import LogLogistic as LogLogistic
from suffice.distributions.log_normal import LogNormal as LogNormal
from suffice.distributions.logistic import Logistic as Logistic
from suffice.distributions.mapped_family import scaled as scaled
from suffice.distributions.mapped_family import shifted as shifted
from suffice.distributions.mapped_family import transformed as transformed
from suffice.distributions.multinomial import Multinomial as Multinomial
from suffice.distributions.multivariate_normal import MultivariateNormal as MultivariateNormal
from suffice.distributions.multivariate_student_t import MultivariateStudentT as MultivariateStudentT
from suffice.distributions.negative_binomial import NegativeBinomial as NegativeBinomial
from suffice.distributions.normal import Normal as Normal
from suffice.distributions.parameter import positive_line as positive_line
from suffice.distributions.parameter import real_line as real_line
from suffice.distributions.pareto import Pareto as Pareto
from suffice.distributions.poisson import Poisson as Poisson
from suffice.distributions.rayleigh import Rayleigh as Rayleigh
from suffice.distributions.skew_normal import SkewNormal as SkewNormal
from suffice.distributions.student_t import StudentT as StudentT
from suffice.distributions.truncated_family import truncated as truncated
from suffice.distributions.uniform import Uniform as Uniform
from suffice.distributions.von_mises import VonMises as VonMises
from suffice.distributions.weibull import Weibull as Weibull
from suffice.distributions.zero_inflated_negative_binomial import (
    ZeroInflatedNegativeBinomial as ZeroInflatedNegativeBinomial,
)
from suffice.distributions.zero_inflated_poisson import ZeroInflatedPoisson as ZeroInflatedPoisson
from suffice.distributions.zipf import Zipf as Zipf
from suffice.engines.dask import Dask as Dask
from suffice.engines.threads import Threads as Threads
from suffice.inference import targets as targets
from suffice.inference.comparing import compare as compare
from suffice.inference.comparison import Comparison as Comparison
from suffice.inference.description import Description as Description
from suffice.inference.description import describe as describe
from suffice.inference.difference import difference as difference
from suffice.inference.difference import ratio as ratio
from suffice.inference.fit import Fit as Fit
from suffice.inference.fitting import fit as fit
from suffice.inference.fitting import fit_each as fit_each
from suffice.inference.interval import ConfidenceInterval as ConfidenceInterval
from suffice.inference.likelihood_ratio import likelihood_ratio_test as likelihood_ratio_test
from suffice.inference.model_test import ModelTest as ModelTest
from suffice.inference.multivariate_normality import henze_zirkler as henze_zirkler
from suffice.inference.multivariate_normality import mardia as mardia
from suffice.inference.outlier_search import outliers as outliers
from suffice.inference.outlier_table import Outliers as Outliers
from suffice.inference.summarizing import Summarized as Summarized
from suffice.inference.summarizing import summarize as summarize
from suffice.inference.vuong import VuongTest as VuongTest
from suffice.inference.vuong import vuong_test as vuong_test
from suffice.storage.files import load as load
from suffice.storage.files import save as save

__version__: str
_PLACES: dict[str, tuple[str, ...]]
__all__: list[str]
