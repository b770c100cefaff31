"""Fits of the multivariate normal to rows, and rows to fit."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from suffice.distributions.multivariate_normal import MultivariateNormal
from suffice.distributions.problem import answer
from suffice.sources.block import Block

STRUCTURES = ["dense", "diagonal", "spherical"]
FIXED = [{}, {"mean": [1.0, -2.0, 0.5]}, {"covariance": 2.0 * np.eye(3)}]
Q95 = 3.841458820694124


def reducer(x, weights=None):
    return lambda statistic: statistic.observe(Block(np.asarray(x, dtype=float), weights))


def solve(x, family=MultivariateNormal, fixed=None, weights=None, names=(), sample=None):
    look = SimpleNamespace(names=names, sample=sample)
    return answer(family.plan(look, fixed or {}), reducer(x, weights))


def correlated(n, d, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)) @ rng.standard_normal((d, d)) + rng.standard_normal(d)
