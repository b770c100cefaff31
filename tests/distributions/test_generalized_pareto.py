"""The generalized Pareto distribution: exact through shape 0 and in both tails; where its likelihood has no maximum."""

import mpmath as mp
import numpy as np
import pytest
from scipy import optimize, stats

import suffice as sf
from suffice.errors import NoMaximumError, NotAvailableError, OutsideSupportError

SHAPES = [-2.0, -1.0, -0.5, -0.2, -1e-3, -1e-9, -1e-16, 0.0, 1e-300, 1e-16, 1e-9, 1e-3, 0.3, 1.0, 5.0]
TAILS = np.array([1e-300, 1e-100, 1e-30, 1e-9, 1e-3, 0.1, 0.5])
every_shape = pytest.mark.parametrize("shape", SHAPES)


def exact(y, shape):
    """Return the log density at scale 1 and the hazard H, in the working precision."""
    y, k = mp.mpf(y), mp.mpf(shape)
    hazard = mp.log1p(k * y) / k if k else y
    return -(1 + k) * hazard, hazard


def points(shape):
    model = sf.GeneralizedPareto(1, shape)
    y = np.unique(np.concatenate([model.icdf(TAILS), model.iccdf(TAILS), [1e-8, 0.3]]))
    return y[(y > 0) & (1 + shape * y > 0) & (y < 1e300)]


@every_shape
def test_densities_and_both_tails_agree_with_many_digits(shape):
    model = sf.GeneralizedPareto(1, shape)
    for y in points(shape):
        with mp.workdps(700):
            log_p, hazard = exact(float(y), shape)
            lower = mp.log(-mp.expm1(-hazard))
            # what is changed by the rounding of y, of ξy and of their product
            slope = abs(y * (1 + shape) / (1 + shape * mp.mpf(float(y))))
            flow = abs(y / (1 + shape * mp.mpf(float(y))))
            odds = 1 / mp.expm1(hazard)
            assert abs(model.logpdf(y) - log_p) <= 1e-15 * (1 + abs(log_p) + slope)
            assert abs(model.logccdf(y) + hazard) <= 1e-15 * (hazard + flow)
            assert abs(model.logcdf(y) - lower) <= 1e-15 * (abs(lower) + odds * (hazard + flow))
            assert abs(model.cdf(y) + mp.expm1(-hazard)) <= 1e-15 * (-mp.expm1(-hazard) + mp.exp(-hazard) * flow)
            assert abs(model.ccdf(y) - mp.exp(-hazard)) <= 1e-15 * mp.exp(-hazard) * (1 + hazard + flow)


@every_shape
def test_quantiles_agree_with_many_digits_for_the_smallest_probabilities(shape):
    model = sf.GeneralizedPareto(2.5, shape, 1.0 if shape < 0 else 0.0)
    with mp.workdps(400):
        k, u = mp.mpf(shape), model.threshold
        for q in TAILS:
            far, near = -mp.log(mp.mpf(q)), -mp.log1p(-mp.mpf(q))
            for found, hazard in ((model.iccdf(q), far), (model.icdf(q), near)):
                truth = u + mp.mpf(2.5) * (mp.expm1(k * hazard) / k if k else hazard)
                if truth < 1e300:
                    assert abs(found - truth) <= 1e-15 * truth * (1 + abs(k) * hazard)


@every_shape
def test_derivatives_agree_with_many_digits_through_shape_zero(shape):
    scale = 1.5
    for y in points(shape)[::3]:
        if not 1e-12 < y < 1e30 or 1 + shape * y < 1e-3:
            continue
        first, second = sf.GeneralizedPareto._derivatives(scale * y, scale, shape, 0.0)
        with mp.workdps(150):
            x, s0, k0 = mp.mpf(float(scale * y)), mp.mpf(scale), mp.mpf(shape)

            def log_p(s, k, x=x):
                return -mp.log(s) + exact(x / s, k)[0]

            h = mp.mpf(10) ** -20
            s1, k1 = h * s0, h
            by_scale = (log_p(s0 + s1, k0) - log_p(s0 - s1, k0)) / (2 * s1)
            by_shape = (log_p(s0, k0 + k1) - log_p(s0, k0 - k1)) / (2 * k1)
            corner = (
                log_p(s0 + s1, k0 + k1) + log_p(s0 - s1, k0 - k1) - log_p(s0 + s1, k0 - k1) - log_p(s0 - s1, k0 + k1)
            )
            middle = 2 * log_p(s0, k0)
            truth = [
                by_scale,
                by_shape,
                (log_p(s0 + s1, k0) + log_p(s0 - s1, k0) - middle) / s1**2,
                corner / (4 * s1 * k1),
                (log_p(s0, k0 + k1) + log_p(s0, k0 - k1) - middle) / k1**2,
            ]
            sizes = [1, 1 + y * y, 1 + y, y + y * y, y * y + y**3]
        found = [first[0], first[1], second[0], second[1], second[3]]
        for value, expected, size in zip(found, truth, sizes, strict=True):
            condition = min(float(size), 1e3 * (1.0 + abs(float(expected))))
            assert abs(value - expected) <= 1e-13 * abs(expected) + 1e-14 * condition / (1.0 + shape * y) ** 2


@pytest.mark.parametrize("shape", [-1.5, -0.5, -0.1, 0.0, 0.05, 0.2])
def test_moments_and_entropy_agree_with_quadrature(shape):
    model = sf.GeneralizedPareto(3.0, shape, -2.0)

    def moment(power, centre):
        # over the hazard, an exponential variable
        with mp.workdps(30):
            k = mp.mpf(shape)
            inner = lambda h: (3 * (mp.expm1(k * h) / k if k else h) - 2 - centre) ** power * mp.exp(-h)  # noqa: E731
            return float(mp.quad(inner, [0, 1, 4, 16, 64, 256, 1024]))

    assert model.mean == pytest.approx(moment(1, 0.0), rel=1e-9)
    assert model.variance == pytest.approx(moment(2, model.mean), rel=1e-9)
    assert model.skewness == pytest.approx(moment(3, model.mean) / model.standard_deviation**3, rel=1e-8)
    assert model.kurtosis == pytest.approx(moment(4, model.mean) / model.variance**2 - 3.0, rel=1e-8)
    surprise = -model.logpdf(model.icdf(np.linspace(0.0005, 0.9995, 1000)))
    assert model.entropy == pytest.approx(surprise.mean(), abs=0.01)


def test_moments_that_do_not_exist_are_infinite_or_no_number():
    kinds = {
        0.3: (1, 1, 1, np.inf),
        0.4: (1, 1, np.inf, np.inf),
        0.5: (1, np.inf, np.nan, np.nan),
        1.0: (np.inf, np.nan, np.nan, np.nan),
    }
    for shape, expected in kinds.items():
        model = sf.GeneralizedPareto(1, shape)
        for value, kind in zip((model.mean, model.variance, model.skewness, model.kurtosis), expected, strict=True):
            assert np.isfinite(value) if kind == 1 else np.array_equal(value, kind, equal_nan=True)


def test_shape_zero_is_the_exponential_and_shape_minus_one_the_uniform_distribution():
    x = np.array([0.0, 0.3, 2.0, 4.0])
    assert sf.GeneralizedPareto(2, 0).logpdf(x) == pytest.approx(sf.Exponential(0.5).logpdf(x), rel=1e-15)
    assert list(sf.GeneralizedPareto(4, -1).pdf([-0.1, 0.0, 2.0, 4.0, 4.1])) == [0.0, 0.25, 0.25, 0.25, 0.0]
    assert sf.GeneralizedPareto(4, -0.5).support_given({"scale": 4, "shape": -0.5}).upper == 8.0


@pytest.mark.parametrize(("shape", "n"), [(0.25, 200), (-0.25, 400), (2.0, 30)])
def test_a_fit_is_as_high_as_another_maximisation_with_the_errors_of_its_hessian(shape, n):
    x = stats.genpareto(shape, scale=3.0).rvs(n, random_state=4)

    def minus(theta):
        return -stats.genpareto.logpdf(x, theta[1], scale=theta[0]).sum()

    other = optimize.minimize(minus, (3.0, shape), method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12})
    fit = sf.fit(sf.GeneralizedPareto, x)
    assert fit.certificate.status == "maximum"
    assert fit.certificate.region.startswith("shape ≥ −1 and scale ≥ 1e-6 times")
    assert fit.log_likelihood >= -other.fun - 1e-9
    assert fit.model.theta[:2] == pytest.approx(other.x, rel=1e-4)
    theta, h = np.array(fit.model.theta), 1e-4
    step = h * np.array([theta[0], 1.0])
    hessian = np.empty((2, 2))
    for i in range(2):
        move = step[i] * np.eye(3)[i]
        sums = [
            np.array([s.sum() for s in sf.GeneralizedPareto._derivatives(x, *(theta + c * move))[0][:2]])
            for c in (1, -1, 2, -2)
        ]
        hessian[i] = (8 * (sums[0] - sums[1]) - (sums[2] - sums[3])) / (12 * step[i])
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert list(fit.standard_errors.values()) == pytest.approx(errors, rel=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_no_point_of_the_profile_is_higher_than_the_fit(seed):
    rng = np.random.default_rng(seed)
    x = stats.genpareto(rng.choice([-0.3, 0.0, 0.5, 3.0])).rvs(int(rng.integers(5, 60)), random_state=rng)
    # With c = shape/scale, the best shape is the mean of log(1 + cx) (Grimshaw 1993).
    top = np.log1p(x.max() / x.min()) + 10.0
    c = np.expm1(np.concatenate([-np.geomspace(1e-6, 14.0, 800), np.geomspace(1e-6, top, 800)])) / x.max()
    shape = np.log1p(c[:, None] * x).mean(axis=1)
    value = np.where(shape >= -1, len(x) * (-np.log(shape / c) - shape - 1.0), -np.inf)
    edge = -len(x) * np.log(x.max())
    try:
        fit = sf.fit(sf.GeneralizedPareto, x)
    except NoMaximumError:
        assert edge > np.max(value[1:-1][(value[1:-1] > value[:-2]) & (value[1:-1] > value[2:])], initial=-np.inf)
    else:
        assert fit.log_likelihood >= max(value.max(), edge) - 1e-9


def test_the_threshold_may_be_anywhere_and_the_unit_anything():
    x = stats.genpareto(0.2).rvs(100, random_state=1)
    x = np.round(x * 2.0**20) * 2.0**-20
    here = sf.fit(sf.GeneralizedPareto, x)
    far = sf.fit(sf.GeneralizedPareto.of(threshold=1024.0), 1024.0 + x)
    assert far.model.theta[:2] == pytest.approx(here.model.theta[:2], rel=1e-11)
    assert far.model.threshold == 1024.0
    assert far.log_likelihood == pytest.approx(here.log_likelihood, rel=1e-12)
    for unit in (1e-6, 1e6):
        fit = sf.fit(sf.GeneralizedPareto, unit * x)
        assert fit.model.theta == pytest.approx((unit * here.model.scale, here.model.shape, 0.0), rel=1e-9)
    with pytest.raises(OutsideSupportError, match=r"only on \[1, ∞\)"):
        sf.fit(sf.GeneralizedPareto.of(threshold=1), [0.5, 2.0])


def test_fixed_parameters():
    x = stats.genpareto(0.2).rvs(200, random_state=2)
    assert sf.fit(sf.GeneralizedPareto, x, fixed={"shape": 0}).model.scale == pytest.approx(x.mean(), rel=1e-9)
    half = sf.fit(sf.GeneralizedPareto, x, fixed={"shape": -0.4})
    assert half.model.scale > 0.4 * x.max()
    assert half.certificate.status == "maximum"
    assert sf.fit(sf.GeneralizedPareto, x, fixed={"scale": 1}).certificate.status == "maximum"
    uniform = sf.fit(sf.GeneralizedPareto, x, fixed={"shape": -1})
    assert (uniform.certificate.status, uniform.model.scale) == ("boundary", x.max())
    assert uniform.log_likelihood == pytest.approx(-200 * np.log(x.max()), rel=1e-13)
    with pytest.raises(NoMaximumError, match=r"with shape fixed at -1\.5 the likelihood grows without end"):
        sf.fit(sf.GeneralizedPareto, x, fixed={"shape": -1.5})
    with pytest.raises(OutsideSupportError, match=r"\[0, 2.5\)"):
        sf.fit(sf.GeneralizedPareto, x, fixed={"shape": -0.4, "scale": 1})


def test_data_without_a_maximum_are_refused_with_the_edge_that_is_higher():
    with pytest.raises(NoMaximumError, match=r"every value is 2, .* as shape → -∞"):
        sf.fit(sf.GeneralizedPareto, [2.0, 2.0])
    with pytest.raises(NoMaximumError, match=r"every value is the threshold 0: .* as scale → 0"):
        sf.fit(sf.GeneralizedPareto, [0.0, 0.0], fixed={"shape": 0.3})
    uniform = np.random.default_rng(3).uniform(size=40)
    with pytest.raises(
        NoMaximumError,
        match=r"edge in shape, .* where the support ends at the largest value; .* above −1; values count from the "
        r"threshold, which is 0 unless it is given: for another pass sf\.GeneralizedPareto\.of\(threshold=…\)",
    ):
        sf.fit(sf.GeneralizedPareto, uniform)
    x = stats.genpareto(0.2).rvs(200, random_state=5)
    with pytest.raises(
        NoMaximumError, match=r"edge in scale, .* where values are the threshold itself; .* leave those"
    ):
        sf.fit(sf.GeneralizedPareto, np.append(x, np.zeros(300)))
    assert sf.fit(sf.GeneralizedPareto, np.append(x, [0.0, 0.0])).certificate.status == "maximum"


def test_large_uniform_data_are_judged_with_their_largest_value():
    x = np.random.default_rng(6).uniform(size=20_000)
    fit = sf.fit(sf.GeneralizedPareto, x)
    # the edge at shape −1 is the uniform distribution up to the largest value
    assert fit.log_likelihood > -len(x) * np.log(x.max())
    assert fit.log_likelihood == pytest.approx(stats.genpareto.logpdf(x, fit.model.shape, 0, fit.model.scale).sum())
    assert fit.certificate.status == "maximum"


def test_standard_errors_are_withheld_where_the_likelihood_is_not_regular(tmp_path):
    x = stats.genpareto(-0.7).rvs(300, random_state=7)
    fit = sf.fit(sf.GeneralizedPareto, x)
    assert fit.certificate.status == "maximum"
    assert -1 < fit.model.shape < -0.5
    with pytest.raises(NotAvailableError, match="is not above −½, where the likelihood is not regular"):
        _ = fit.standard_errors
    with pytest.raises(NotAvailableError, match="not regular"):
        fit.interval("shape")
    assert "withheld" in str(fit)
    sf.save(fit, tmp_path / "fit.json")
    assert str(sf.load(tmp_path / "fit.json")) == str(fit)


def test_the_tail_reaches_the_largest_double():
    largest = np.finfo(float).max
    assert sf.GeneralizedPareto(1, 2).logccdf(largest) == pytest.approx(-0.5 * (np.log(largest) + np.log(2)), rel=1e-14)
