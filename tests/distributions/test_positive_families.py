"""Inverse gamma, Rayleigh, half-normal, χ² and log-logistic: digits in both tails, moments, and fits with SciPy's.

Fits and degenerate data of the inverse Gaussian are here too; its tails are in `test_inverse_gaussian.py`.
"""

import mpmath as mp
import numpy as np
import pytest
from scipy import integrate, optimize, stats

import suffice as sf
from suffice.errors import DataError, NoMaximumError, OutsideSupportError

TAILS = np.array([1e-300, 1e-100, 1e-20, 1e-5, 0.01, 0.2, 0.45])


def gamma_tails(k, y):
    with mp.workdps(60):
        return mp.gammainc(k, 0, y, regularized=True), mp.gammainc(k, y, mp.inf, regularized=True)


def inverse_gamma(x, k, b):
    upper, lower = gamma_tails(k, b / x)
    return k * mp.log(b) - (k + 1) * mp.log(x) - b / x - mp.loggamma(k), lower, upper


def chi_squared(x, v):
    lower, upper = gamma_tails(v / 2, x / 2)
    return (v / 2 - 1) * mp.log(x) - x / 2 - v / 2 * mp.log(2) - mp.loggamma(v / 2), lower, upper


def rayleigh(x, s):
    t = x * x / (2 * s * s)
    return mp.log(x) - 2 * mp.log(s) - t, -mp.expm1(-t), mp.exp(-t)


def half_normal(x, s):
    z = x / s / mp.sqrt(2)
    return mp.log(2 / mp.pi) / 2 - mp.log(s) - z * z, mp.erf(z), mp.erfc(z)


def log_logistic(x, b, a):
    t = (x / a) ** b
    return mp.log(b / a) + (b - 1) * mp.log(x / a) - 2 * mp.log1p(t), t / (1 + t), 1 / (1 + t)


MODELS = [
    *[(sf.InverseGamma(k, b), inverse_gamma) for k, b in ((0.1, 1), (0.7, 1e6), (3, 2), (40, 1e-6), (1000, 5))],
    *[(sf.Rayleigh(s), rayleigh) for s in (1e-6, 1, 3e6)],
    *[(sf.HalfNormal(s), half_normal) for s in (1e-6, 1, 3e6)],
    *[(sf.ChiSquared(v), chi_squared) for v in (0.1, 1, 2, 7.5, 60, 2000)],
    *[(sf.LogLogistic(b, a), log_logistic) for b, a in ((0.1, 1), (1, 1e6), (5, 1e-6), (60, 3), (1e4, 3))],
]
every_model = pytest.mark.parametrize(("model", "exact"), MODELS, ids=[repr(model) for model, _ in MODELS])


def grid(model):
    with np.errstate(over="ignore"):
        x = np.unique(np.concatenate([model.icdf(TAILS), model.iccdf(TAILS)]))
    return x[(x > 1e-290) & (x < 1e290)]


@every_model
def test_density_and_both_tails_agree_with_fifty_digits(model, exact):
    x = grid(model)
    with mp.workdps(360):
        rows = [exact(mp.mpf(v), *[mp.mpf(t) for t in model.theta]) for v in x]
        logs = [[mp.log(p) if p < 0.5 else mp.log1p(-q) for p, q in ((r[1], r[2]), (r[2], r[1]))] for r in rows]
    density = np.array([float(row[0]) for row in rows])
    lower, upper = np.array([[float(v) for v in pair] for pair in logs]).T
    step = 1e-6
    pull = np.abs(model.logpdf(x * (1 + step)) - model.logpdf(x * (1 - step))) / (2 * step)
    assert np.all(np.abs(model.logpdf(x) - density) <= 1e-14 * (1.0 + np.abs(density) + np.abs(np.log(x)) + pull))
    sizes = [1.0 + np.exp(np.log(x) + density - truth) for truth in (lower, upper)]
    for truth, size, function, logarithm in (
        (lower, sizes[0], model.cdf, model.logcdf),
        (upper, sizes[1], model.ccdf, model.logccdf),
    ):
        error = np.abs(np.expm1(np.log(function(x)) - truth))
        assert np.all(error <= (2e-14 + 4e-16 * np.abs(truth)) * size)
        height = np.abs(truth)
        allowed = 2e-14 * (height + np.minimum(height, 1.0) * np.maximum(*sizes))
        assert np.all(np.abs(logarithm(x) - truth) <= allowed)


@every_model
def test_quantiles_invert_both_tails(model, exact):
    for quantile, logarithm in ((model.icdf, model.logcdf), (model.iccdf, model.logccdf)):
        with np.errstate(over="ignore"):
            x = quantile(TAILS)
        inside = (x > 1e-290) & (x < 1e290)
        slope = np.exp(np.log(x[inside]) + model.logpdf(x[inside]) - logarithm(x[inside]))
        error = np.abs(logarithm(x[inside]) - np.log(TAILS[inside]))
        assert np.all(error <= 1e-13 + 1e-14 * np.abs(np.log(TAILS[inside])) + 1e-15 * slope)


def test_the_lower_tail_of_a_rayleigh_variable_reaches_where_squares_underflow():
    assert sf.Rayleigh(1).logcdf(1e-200) == pytest.approx(-400 * np.log(10) - np.log(2), rel=1e-15)


@pytest.mark.parametrize("shape", [2.05, 3.3, 4.2, 7.9, 8.1, 12, 1e3, 1e8])
def test_moments_of_the_log_logistic_agree_with_many_digits(shape):
    model = sf.LogLogistic(shape, 2.0)
    with mp.workdps(80):
        e = [mp.mpf(1), *[r * mp.pi / shape / mp.sin(r * mp.pi / mp.mpf(shape)) for r in (1, 2, 3, 4)]]
        variance = e[2] - e[1] ** 2
        third = e[3] - 3 * e[2] * e[1] + 2 * e[1] ** 3
        fourth = e[4] - 4 * e[3] * e[1] + 6 * e[2] * e[1] ** 2 - 3 * e[1] ** 4
        expected = [float(v) for v in (2 * e[1], 4 * variance, third / variance**1.5, fourth / variance**2 - 3)]
    assert model.mean == pytest.approx(expected[0], rel=1e-13)
    assert model.variance == pytest.approx(expected[1], rel=1e-12)
    assert model.skewness == (pytest.approx(expected[2], rel=1e-11) if shape > 3 else np.inf)
    assert model.kurtosis == (pytest.approx(expected[3], rel=1e-10) if shape > 4 else np.inf)


@pytest.mark.parametrize("family", [sf.InverseGamma, sf.LogLogistic])
def test_moments_that_do_not_exist_are_infinite_or_nan(family):
    assert family(0.9, 1.0).mean == np.inf
    assert (family(1.5, 1.0).mean > 0, family(1.5, 1.0).variance) == (True, np.inf)
    assert np.isnan([family(2, 1.0).skewness, family(2, 1.0).kurtosis]).all()
    assert (family(2.5, 1.0).skewness, family(2.5, 1.0).kurtosis) == (np.inf, np.inf)
    assert (family(3.5, 1.0).skewness > 0, family(3.5, 1.0).kurtosis) == (True, np.inf)


@pytest.mark.parametrize(
    ("model", "same"),
    [
        (sf.InverseGamma(7.0, 3.0), stats.invgamma(7.0, scale=3.0)),
        (sf.Rayleigh(3.0), stats.rayleigh(scale=3.0)),
        (sf.HalfNormal(3.0), stats.halfnorm(scale=3.0)),
        (sf.ChiSquared(3.5), stats.chi2(3.5)),
        (sf.InverseGaussian(2.0, 3.0), stats.invgauss(2 / 3, scale=3.0)),
        (sf.LogLogistic(6.0, 3.0), stats.fisk(6.0, scale=3.0)),
    ],
    ids=["InverseGamma", "Rayleigh", "HalfNormal", "ChiSquared", "InverseGaussian", "LogLogistic"],
)
def test_moments_are_scipys_and_the_entropy_is_its_integral(model, same):
    mean, variance, skewness, kurtosis = same.stats("mvsk")
    assert [model.mean, model.variance] == pytest.approx([mean, variance], rel=1e-10)
    assert [model.skewness, model.kurtosis] == pytest.approx([skewness, kurtosis], rel=1e-8)
    assert model.standard_deviation == pytest.approx(np.sqrt(variance), rel=1e-10)
    if isinstance(model, sf.InverseGaussian):
        return  # its quantiles are slow; `test_inverse_gaussian.py` has its entropy
    surprise, _ = integrate.quad(lambda p: -model.logpdf(model.icdf(p)), 0.0, 0.5, epsabs=1e-11)
    other, _ = integrate.quad(lambda q: -model.logpdf(model.iccdf(q)), 0.0, 0.5, epsabs=1e-11)
    assert model.entropy == pytest.approx(surprise + other, rel=1e-8)


FITTED = [
    (sf.InverseGamma, lambda x, k, b: stats.invgamma.logpdf(x, k, scale=b)),
    (sf.Rayleigh, lambda x, s: stats.rayleigh.logpdf(x, scale=s)),
    (sf.HalfNormal, lambda x, s: stats.halfnorm.logpdf(x, scale=s)),
    (sf.ChiSquared, lambda x, v: stats.chi2.logpdf(x, v)),
    (sf.InverseGaussian, lambda x, m, s: stats.invgauss.logpdf(x, m / s, scale=s)),
    (sf.LogLogistic, lambda x, b, a: stats.fisk.logpdf(x, b, scale=a)),
]
every_fit = pytest.mark.parametrize(("family", "log_density"), FITTED, ids=[family.__name__ for family, _ in FITTED])
DATA = [
    np.random.default_rng(20261126).gamma(4.0, 2.0, 60),
    np.array([0.31, 2.2, 0.04, 1.7, 55.0, 3.1, 0.9, 12.5]),
]


@every_fit
@pytest.mark.parametrize("x", DATA, ids=["gamma sample", "eight values"])
def test_a_fit_is_at_least_as_high_as_an_independent_search_and_its_errors_are_of_its_hessian(family, log_density, x):
    fit = sf.fit(family, x)
    start = np.zeros(len(family.parameters))

    def minus(phi):
        return -np.sum(log_density(x, *np.exp(phi)))

    found = optimize.minimize(minus, start, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12})
    assert fit.log_likelihood >= -found.fun - 1e-9
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-6)
    assert fit.log_likelihood == pytest.approx(-minus(np.log(fit.model.theta)), rel=1e-12)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    hessian = numeric_hessian(minus, np.log(fit.model.theta))
    errors = np.sqrt(np.diag(np.linalg.inv(hessian))) * fit.model.theta
    assert list(fit.standard_errors.values()) == pytest.approx(list(errors), rel=1e-5)


def numeric_hessian(function, at, h=4e-3):
    """Return second differences of fourth order."""
    shifts, weights = (-2, -1, 1, 2), (1 / 12, -2 / 3, 2 / 3, -1 / 12)
    unit = h * np.eye(len(at))
    return np.array(
        [
            [
                sum(
                    a * b * function(at + s * u + t * v)
                    for a, s in zip(weights, shifts, strict=True)
                    for b, t in zip(weights, shifts, strict=True)
                )
                / h**2
                for v in unit
            ]
            for u in unit
        ]
    )


@every_fit
@pytest.mark.parametrize("power", [-6, 6])
def test_extreme_units_change_nothing_but_the_unit(family, log_density, power):
    if family is sf.ChiSquared:
        pytest.skip("its values have no unit")
    x, factor = DATA[1], 10.0**power
    here, there = sf.fit(family, x), sf.fit(family, factor * x)
    moved = [p.restored(t, 0.0, factor) for p, t in zip(family.parameters, here.model.theta, strict=True)]
    assert there.model.theta == pytest.approx(moved, rel=1e-10)
    assert there.log_likelihood == pytest.approx(here.log_likelihood - len(x) * np.log(factor), rel=1e-11)


@pytest.mark.parametrize("x", [[1e-6, 3e-6], [1e6, 2e6, 1.5e6], [1e-300, 1e-200, 1e-250], [4.0, 4.0]])
def test_degrees_of_freedom_solve_the_equation_of_the_mean_logarithm(x):
    fit = sf.fit(sf.ChiSquared, x)
    with mp.workdps(40):
        half = mp.findroot(lambda h: mp.psi(0, h) - np.mean(np.log(np.array(x) / 2)), fit.model.df / 2)
    assert fit.model.df == pytest.approx(float(2 * half), rel=1e-12)
    assert fit.certificate.status == "maximum"


@pytest.mark.parametrize("family", [sf.InverseGamma, sf.InverseGaussian, sf.LogLogistic])
def test_constant_data_have_no_maximum_where_two_parameters_are_free(family):
    for x in ([2.5, 2.5, 2.5], [7.0]):
        with pytest.raises(NoMaximumError, match=r"grows without end as shape → ∞; .* fix shape with fixed="):
            sf.fit(family, x)


@pytest.mark.parametrize("family", [sf.Rayleigh, sf.HalfNormal, sf.ChiSquared])
def test_constant_data_have_a_maximum_where_one_parameter_is_free(family):
    assert sf.fit(family, [2.0, 2.0]).certificate.status == "maximum"
    assert sf.fit(sf.Rayleigh, [2.0, 2.0]).model.scale == pytest.approx(np.sqrt(2), rel=1e-14)
    assert sf.fit(sf.HalfNormal, [2.0]).model.sigma == pytest.approx(2.0, rel=1e-14)


def test_zeros_are_half_normal_but_not_when_all_are():
    assert sf.fit(sf.HalfNormal, [0.0, 0.0, 3.0]).model.sigma == pytest.approx(np.sqrt(3), rel=1e-14)
    with pytest.raises(NoMaximumError, match=r"every value is 0, .* grows without end as sigma → 0"):
        sf.fit(sf.HalfNormal, [0.0, 0.0])
    for family in (sf.Rayleigh, sf.InverseGamma, sf.ChiSquared, sf.InverseGaussian, sf.LogLogistic):
        with pytest.raises(OutsideSupportError):
            sf.fit(family, [0.0, 1.0])


@pytest.mark.parametrize("family", [sf.InverseGamma, sf.InverseGaussian])
@pytest.mark.parametrize("value", [0.5, 2.0, 30.0])
def test_a_fixed_parameter_bounds_the_likelihood_of_constant_data(family, value):
    name = "scale" if family is sf.InverseGamma else "shape"
    # also where the parameter that is fixed happens to be the constant
    fit = sf.fit(family, [2.0, 2.0], fixed={name: value})
    assert fit.certificate.status == "maximum"
    first, _ = family._derivatives(2.0, *fit.model.theta)
    free = 0 if name != family.parameters[0].name else 1
    assert first[free] * fit.model.theta[free] == pytest.approx(0.0, abs=1e-9)
    if family is sf.InverseGaussian:
        assert fit.model.mean == pytest.approx(2.0, rel=1e-12)


def test_a_fixed_location_of_the_collapse_is_refused_only_at_the_data():
    for family, name in ((sf.InverseGaussian, "mean"), (sf.LogLogistic, "scale")):
        with pytest.raises(NoMaximumError, match="shape → ∞"):
            sf.fit(family, [2.0, 2.0], fixed={name: 2.0})
        assert sf.fit(family, [2.0, 2.0], fixed={name: 1.5}).certificate.status == "maximum"
        assert sf.fit(family, [2.0, 2.0], fixed={"shape": 3.0}).certificate.status == "maximum"


@pytest.mark.parametrize(
    ("family", "x"),
    [
        (sf.Rayleigh, [1e-200, 2e-200]),
        (sf.Rayleigh, [1e200, 2e200]),
        (sf.Rayleigh, [1e-200, 1.0]),
        (sf.HalfNormal, [1e-200, 2e-200]),
        (sf.HalfNormal, [1e200, 2e200]),
    ],
)
def test_squares_that_leave_double_precision_are_said_to(family, x):
    with pytest.raises(DataError, match=f"the sums that {family.__name__} needs over- or underflow .* power of two"):
        sf.fit(family, x)


@pytest.mark.parametrize("shape", [1e2, 1e5, 1e8, 1e12])
def test_an_inverse_gamma_of_large_shape_is_certified(shape):
    x = sf.InverseGamma(shape, 3.0 * shape).sample(200, rng=4)
    fit = sf.fit(sf.InverseGamma, x)
    assert (fit.certificate.status, fit.certificate.scope) == ("maximum", "global")
    reciprocal = sf.fit(sf.Gamma, 1.0 / x)
    assert fit.model.theta == pytest.approx(reciprocal.model.theta, rel=1e-9)
    errors = [reciprocal.standard_errors[name] for name in ("shape", "rate")]
    assert list(fit.standard_errors.values()) == pytest.approx(errors, rel=1e-6)


@every_fit
def test_intervals_and_robust_errors_are_there(family, log_density):
    fit = sf.fit(family, DATA[0])
    name = family.parameters[0].name
    low, high = fit.interval(name)
    assert low < getattr(fit.model, name) < high
    assert fit.robust_standard_errors()[name] > 0.0
    assert fit.interval(lambda model: model.icdf(0.9)).lower > 0.0
    low, high = fit.interval(name, method="bootstrap", replicates=50, rng=1)
    assert low < high
