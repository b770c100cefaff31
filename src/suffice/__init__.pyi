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
from suffice.calculus.transforms import positive as positive
from suffice.calculus.transforms import real as real
from suffice.calculus.transforms import unit_interval as unit_interval
from suffice.distributions.bernoulli import Bernoulli as Bernoulli
from suffice.distributions.beta import Beta as Beta
from suffice.distributions.binomial import Binomial as Binomial
from suffice.distributions.categorical import Categorical as Categorical
from suffice.distributions.cauchy import Cauchy as Cauchy
from suffice.distributions.chi_squared import ChiSquared as ChiSquared
from suffice.distributions.dirichlet import Dirichlet as Dirichlet
from suffice.distributions.exponential import Exponential as Exponential
from suffice.distributions.gamma import Gamma as Gamma
from suffice.distributions.generalized_extreme_value import GeneralizedExtremeValue as GeneralizedExtremeValue
from suffice.distributions.generalized_pareto import GeneralizedPareto as GeneralizedPareto
from suffice.distributions.geometric import Geometric as Geometric
from suffice.distributions.gumbel import Gumbel as Gumbel
from suffice.distributions.half_normal import HalfNormal as HalfNormal
from suffice.distributions.inverse_gamma import InverseGamma as InverseGamma
from suffice.distributions.inverse_gaussian import InverseGaussian as InverseGaussian
from suffice.distributions.log_logistic import LogLogistic as LogLogistic
from suffice.distributions.log_normal import LogNormal as LogNormal
from suffice.distributions.logistic import Logistic as Logistic
from suffice.distributions.multinomial import Multinomial as Multinomial
from suffice.distributions.multivariate_normal import MultivariateNormal as MultivariateNormal
from suffice.distributions.multivariate_student_t import MultivariateStudentT as MultivariateStudentT
from suffice.distributions.negative_binomial import NegativeBinomial as NegativeBinomial
from suffice.distributions.normal import Normal as Normal
from suffice.distributions.parameter import positive_line as positive_line
from suffice.distributions.parameter import real_line as real_line
from suffice.distributions.poisson import Poisson as Poisson
from suffice.distributions.rayleigh import Rayleigh as Rayleigh
from suffice.distributions.student_t import StudentT as StudentT
from suffice.distributions.weibull import Weibull as Weibull
from suffice.distributions.zero_inflated_poisson import ZeroInflatedPoisson as ZeroInflatedPoisson
from suffice.engines.dask import Dask as Dask
from suffice.engines.threads import Threads as Threads
from suffice.inference.description import Description as Description
from suffice.inference.description import describe as describe
from suffice.inference.fit import Fit as Fit
from suffice.inference.fitting import fit as fit
from suffice.inference.fitting import fit_each as fit_each
from suffice.inference.interval import ConfidenceInterval as ConfidenceInterval
from suffice.inference.summarizing import Summarized as Summarized
from suffice.inference.summarizing import summarize as summarize
from suffice.storage.files import load as load
from suffice.storage.files import save as save

__version__: str
_PLACES: dict[str, tuple[str, ...]]
__all__: list[str]
