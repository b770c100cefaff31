"""Derivatives, optima with their certificates, and the coordinates in which they are sought."""

from suffice.calculus import maps
from suffice.calculus.certificate import OptimumCertificate, Status, certify
from suffice.calculus.derivatives import (
    NumericalDerivativeWarning,
    derivative,
    gradient,
    hessian,
    jacobian,
)
from suffice.calculus.numerical_derivatives import (
    GradientCheck,
    NumericalDerivative,
    check_gradient,
    numerical_gradient,
    numerical_hessian,
)
from suffice.calculus.profile_path import PathReason, ProfilePath
from suffice.calculus.tracing import traceable
from suffice.calculus.transforms import Interval, chain, positive, real, unit_interval
from suffice.calculus.trust_region import NewtonTrustRegion, Reason, maximise

__all__ = [
    "GradientCheck",
    "Interval",
    "NewtonTrustRegion",
    "NumericalDerivative",
    "NumericalDerivativeWarning",
    "OptimumCertificate",
    "PathReason",
    "ProfilePath",
    "Reason",
    "Status",
    "certify",
    "chain",
    "check_gradient",
    "derivative",
    "gradient",
    "hessian",
    "jacobian",
    "maps",
    "maximise",
    "numerical_gradient",
    "numerical_hessian",
    "positive",
    "real",
    "traceable",
    "unit_interval",
]
