"""Derivatives, optima with their certificates, and the coordinates in which they are sought."""

from suffice.calculus.certificate import OptimumCertificate, certify
from suffice.calculus.profile_path import PathReason, ProfilePath
from suffice.calculus.transforms import Interval, chain, positive, real, unit_interval
from suffice.calculus.trust_region import NewtonTrustRegion, Reason, maximise

__all__ = [
    "Interval",
    "NewtonTrustRegion",
    "OptimumCertificate",
    "PathReason",
    "ProfilePath",
    "Reason",
    "certify",
    "chain",
    "maximise",
    "positive",
    "real",
    "unit_interval",
]
