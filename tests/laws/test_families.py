"""What the mathematics says of every family of one variable, over the catalogue."""

import numpy as np
import pytest
from catalogue import MODELS, UNIVARIATE, edges_of, expectation, name_of, support_of
from scipy import stats

from suffice.distributions.distribution import ContinuousDistribution
from suffice.distributions.geometric import Geometric
from suffice.distributions.zipf import Zipf
from suffice.errors import DataTypeError, NotAvailableError, ParameterError
from suffice.sources.block import Block
from suffice.statistics.likelihood_sums import LikelihoodSums

CONTINUOUS = [m for m in MODELS if isinstance(m, ContinuousDistribution)]
DISCRETE = [m for m in MODELS if not isinstance(m, ContinuousDistribution)]
# Models with so much probability above the largest double that no sum over doubles holds it.
BEYOND_DOUBLES = (Zipf(1.02), Geometric(1e-310))
PROBABILITIES = np.array([1e-200, 1e-30, 1e-9, 1e-3, 0.1, 0.3, 0.5, 0.77, 0.99])

every_model = pytest.mark.parametrize("model", MODELS, ids=name_of)
continuous = pytest.mark.parametrize("model", CONTINUOUS, ids=name_of)
discrete = pytest.mark.parametrize("model", DISCRETE, ids=name_of)
every_family = pytest.mark.parametrize("row", UNIVARIATE, ids=name_of)


def points(model):
    """Return values across the distribution, exact doubles inside the support."""
    values = model.icdf(np.array([1e-6, 0.01, 0.2, 0.4, 0.55, 0.8, 0.99, 1 - 1e-6]))
    return np.unique(values)


def free_theta(model):
    """Return the positions of the parameters in which derivatives are taken: the finite ones that a fit seeks.

    Those in which the likelihood has kinks or ends are left out.
    """
    edges = edges_of(model)
    return [i for i, (p, t) in enumerate(model._pairs()) if np.isfinite(t) and p.estimated and p.name not in edges]


def spread_of(model):
    """Return the standard deviation, or where there is none the distance between the quartiles."""
    deviation = model.standard_deviation
    return deviation if np.isfinite(deviation) else model.icdf(0.75) - model.icdf(0.25)


@continuous
def test_cdf_of_the_quantile_is_the_probability(model):
    x = model.icdf(PROBABILITIES)
    density = np.maximum(model.pdf(x), 1e-320)
    inside = model.cdf(x) > 0
    # Rounding of x moves F by x·p(x): the condition number of the pair.
    allowed = 1e-12 + 4e-16 * np.abs(x) * density / np.maximum(model.cdf(x), 1e-320)
    assert np.all(np.abs(model.logcdf(x) - np.log(PROBABILITIES))[inside] <= (3 * allowed)[inside])


@continuous
def test_ccdf_of_the_upper_quantile_is_the_probability(model):
    x = model.iccdf(PROBABILITIES)
    beyond = np.isinf(x)  # it may lie beyond all doubles
    assert np.all(model.ccdf(np.finfo(float).max) >= PROBABILITIES[beyond])
    x, probabilities = x[~beyond], PROBABILITIES[~beyond]
    inside = model.ccdf(x) > 0  # the quantile may round to the upper end
    allowed = 1e-12 + 4e-16 * np.abs(x) * model.pdf(x) / np.maximum(model.ccdf(x), 1e-320)
    assert np.all(np.abs(model.logccdf(x) - np.log(probabilities))[inside] <= (3 * allowed)[inside])


def before(k):
    """Return the integers before k; beyond 2⁵³ the next smaller double is not one less."""
    return np.where(k <= 2.0**53, k - 1.0, np.nextafter(k, 0.0))


@pytest.mark.parametrize("model", [*DISCRETE, *BEYOND_DOUBLES], ids=name_of)
def test_a_discrete_quantile_is_the_smallest_integer_that_reaches_the_probability(model):
    p = np.concatenate([PROBABILITIES, np.random.default_rng(1).random(40)])
    k = model.icdf(p)
    assert np.all(model.cdf(k) >= p)
    assert np.all(model.cdf(before(k)) < p)
    upper = model.iccdf(p)
    assert np.all(model.ccdf(upper) <= p)
    assert np.all(model.ccdf(before(upper)) > p)


@discrete
def test_a_discrete_quantile_returns_the_integer_whose_cdf_it_is_given(model):
    k = points(model)
    again = model.icdf(model.cdf(k))
    seen = model.pmf(k) > 1e-15  # steps below the rounding of the cdf are none
    assert np.array_equal(again[seen], k[seen])
    assert np.all(again <= k)
    assert np.array_equal(model.cdf(again), model.cdf(k))


@every_model
def test_quantiles_of_zero_and_one_are_the_ends_of_the_support(model):
    support = support_of(model)
    assert list(model.icdf([0.0, 1.0])) == [support.lower, support.upper]
    assert list(model.iccdf([1.0, 0.0])) == [support.lower, support.upper]


@every_model
def test_nan_gives_nan_and_impossible_probabilities_are_refused(model):
    for function in (model.cdf, model.ccdf, model.logcdf, model.logccdf, model.icdf, model.iccdf):
        assert np.isnan(function(np.nan))
    for function in (model.icdf, model.iccdf):
        assert np.isnan(function([np.nan, 0.5])).tolist() == [True, False]
        for wrong in (-0.1, [0.5, 1.1], np.inf):
            with pytest.raises(ParameterError, match="a quantile is at a probability between 0 and 1, not"):
                function(wrong)
        with pytest.raises(ParameterError, match=r"between 0 and 1, not 95; did you mean 0\.95\?"):
            function(95)
    assert np.isnan((model.pmf if model.discrete else model.pdf)(np.nan))


@every_model
def test_the_ends_of_the_line(model):
    density = model.pmf if model.discrete else model.pdf
    assert list(density([-np.inf, np.inf])) == [0.0, 0.0]
    assert list(model.cdf([-np.inf, np.inf])) == [0.0, 1.0]
    assert list(model.ccdf([-np.inf, np.inf])) == [1.0, 0.0]
    assert list(model.logcdf([-np.inf, np.inf])) == [-np.inf, 0.0]
    assert list(model.logccdf([-np.inf, np.inf])) == [0.0, -np.inf]


@every_model
def test_nothing_lies_below_the_support(model):
    if np.isfinite(model.support.lower):
        density = model.pmf if model.discrete else model.pdf
        assert density(model.support.lower - 0.5) == 0.0
        assert model.cdf(model.support.lower - 0.5) == 0.0
        assert model.ccdf(model.support.lower - 0.5) == 1.0


@every_model
def test_total_probability_is_one(model):
    assert expectation(model, np.ones_like) == pytest.approx(1.0, abs=2e-13)


@every_model
def test_cdf_and_ccdf_add_to_one(model):
    x = points(model)
    assert model.cdf(x) + model.ccdf(x) == pytest.approx(np.ones(len(x)), abs=1e-15)
    assert np.exp(model.logcdf(x)) == pytest.approx(model.cdf(x), rel=1e-13)
    assert np.exp(model.logccdf(x)) == pytest.approx(model.ccdf(x), rel=1e-13)


@continuous
def test_the_density_is_the_derivative_of_the_cdf(model):
    x = points(model)
    h = 1e-3 * np.minimum(model.cdf(x), model.ccdf(x)) / model.pdf(x)
    slope = (8 * (model.cdf(x + h) - model.cdf(x - h)) - model.cdf(x + 2 * h) + model.cdf(x - 2 * h)) / (12 * h)
    inside = (model.cdf(x) > 1e-3) & (model.ccdf(x) > 1e-3)
    assert slope[inside] == pytest.approx(model.pdf(x)[inside], rel=1e-8)


@discrete
def test_the_pmf_is_the_step_of_the_cdf(model):
    k = points(model)
    assert model.cdf(k) - model.cdf(k - 1.0) == pytest.approx(model.pmf(k), abs=1e-15, rel=1e-8)
    k = k[k < 2.0**52]
    assert model.pmf(k + 0.5) == pytest.approx(np.zeros(len(k)), abs=0.0)
    assert np.array_equal(model.cdf(k + 0.5), model.cdf(k))


@pytest.mark.parametrize(
    ("model", "order"),
    [(model, row.moments(*model.theta) if row.moments else np.inf) for row in UNIVARIATE for model in row.models],
    ids=name_of,
)
def test_moments_agree_with_quadrature(model, order):
    """And are infinite, or no number, from that order on."""
    mean, deviation = model.mean, model.standard_deviation
    for number, stated in enumerate((mean, deviation, model.skewness, model.kurtosis), 1):
        assert np.isfinite(stated) == (number < order)
    if order > 2:
        assert mean == pytest.approx(expectation(model, lambda x: x), abs=1e-11 * deviation, rel=1e-12)
        second, third, fourth = expectation(
            model, lambda x: np.stack([((x - mean) / deviation) ** j for j in (2, 3, 4)])
        )
        assert second == pytest.approx(1.0, rel=1e-9)
        if order > 3:
            assert model.skewness == pytest.approx(third, abs=1e-9, rel=1e-9)
        if order > 4:
            assert model.kurtosis == pytest.approx(fourth - 3.0, abs=1e-8, rel=1e-8)
    elif order > 1:
        assert mean == pytest.approx(expectation(model, lambda x: x), rel=1e-12)


@every_model
def test_entropy_agrees_with_quadrature(model):
    assert model.entropy == pytest.approx(-expectation(model, lambda x: model._log_density(x, *model.theta)), rel=1e-9)


@every_model
def test_scores_average_zero_and_their_variance_is_the_information(model):
    free = free_theta(model)
    if not free:
        pytest.skip("the likelihood has no derivatives at its maximum")
    position = {
        pair: at for at, pair in enumerate((i, j) for i in range(len(model.theta)) for j in range(i, len(model.theta)))
    }

    def scores(x):
        first, _ = model._derivatives(x, *model.theta)
        return np.stack([np.broadcast_to(first[i], x.shape) for i in free])

    def products(x):
        s = scores(x)
        return s[:, None] * s[None, :]

    def curvature(x):
        _, second = model._derivatives(x, *model.theta)
        full = [[second[position[min(i, j), max(i, j)]] for j in free] for i in free]
        return np.stack([np.stack([np.broadcast_to(v, x.shape) for v in line]) for line in full])

    information = -expectation(model, curvature)
    unit = np.sqrt(np.diag(information))
    assert expectation(model, scores) / unit == pytest.approx(np.zeros(len(free)), abs=1e-8)
    scale = np.outer(unit, unit)
    assert expectation(model, products) / scale == pytest.approx(information / scale, abs=1e-7)


@every_model
def test_derivatives_agree_with_central_differences(model):
    x, theta = points(model), np.array(model.theta)
    first, second = model._derivatives(x, *theta)
    at = {pair: n for n, pair in enumerate((i, j) for i in range(len(theta)) for j in range(i, len(theta)))}
    for i in free_theta(model):
        # Where θ moves the density little, a larger step: the log density carries rounding of its own size.
        h = 1e-4 * max(abs(theta[i]), 1e-3 * spread_of(model))
        h = min(h, 3e-3 * (theta[i] - model.parameters[i].domain.lower))
        steps = [theta + c * h * np.eye(len(theta))[i] for c in (1, -1, 2, -2)]

        def difference(values, h=h):
            return (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h)

        numeric = difference([model._log_density(x, *s) for s in steps])
        size = 1.0 + np.abs(model._log_density(x, *theta)).max()
        assert first[i] * h == pytest.approx(numeric * h, rel=1e-6, abs=1e-14 * size)
        for j in free_theta(model):
            numeric = difference([np.broadcast_to(model._derivatives(x, *s)[0][j], x.shape) for s in steps])
            exact = np.broadcast_to(second[at[min(i, j), max(i, j)]], x.shape)
            size = 1.0 / h if j == i else np.abs(first[j]).max()
            assert exact * h == pytest.approx(numeric * h, rel=1e-6, abs=1e-10 * np.abs(first[j]).max() + 1e-13 * size)


@every_family
def test_leading_axes_give_the_same_as_one_by_one(row):
    x = row.sample(40)
    theta = np.array([m.theta for m in row.models])
    together = LikelihoodSums(row.family, theta).observe(Block(x[:, None]))
    for i in range(len(theta)):
        alone = LikelihoodSums(row.family, theta[i : i + 1]).observe(Block(x[:, None]))
        assert together.value[i] == pytest.approx(alone.value[0], rel=1e-14)
        assert together.gradient[i] == pytest.approx(alone.gradient[0], rel=1e-13)
        assert together.hessian[i] == pytest.approx(alone.hessian[0], rel=1e-13)


@every_family
def test_the_sufficient_likelihood_is_that_of_the_data(row):
    if row.family.sufficient is None:
        pytest.skip("no sufficient statistic")
    x = row.sample(200)
    weights = np.random.default_rng(5).integers(0, 4, len(x)).astype(float)
    block = Block(x[:, None], weights)
    theta = np.array([m.theta for m in (row.typical, *row.models)])
    short = row.family._sufficient_likelihood(row.family.sufficient.observe(block), theta)
    full = LikelihoodSums(row.family, theta).observe(block)
    assert short.weight == pytest.approx(full.weight)
    assert short.value == pytest.approx(full.value, rel=1e-12)
    possible = np.isfinite(full.value)  # where no row lies outside the support
    gradient, other = short.gradient[possible], full.gradient[possible]
    assert gradient == pytest.approx(other, rel=1e-11, abs=2e-11 * np.abs(other).max(initial=0.0))
    assert short.hessian[possible] == pytest.approx(full.hessian[possible], rel=1e-9, abs=1e-9)


@every_family
def test_shapes_are_kept(row):
    model = row.typical
    density = model.pmf if model.discrete else model.pdf
    assert isinstance(density(1.0), float)
    assert density([1.0, 2.0]).shape == (2,)
    assert model.cdf(np.ones((2, 3))).shape == (2, 3)
    assert model.icdf(np.full((2, 0), 0.5)).shape == (2, 0)


@every_family
def test_the_same_seed_gives_the_same_draws(row):
    model = row.typical
    assert np.array_equal(model.sample((3, 4), rng=7), model.sample((3, 4), rng=7))
    assert not np.array_equal(model.sample(12, rng=7), model.sample(12, rng=8))


@every_model
def test_draws_follow_the_distribution(model):
    x = model.sample(4000, rng=20261121)
    u = model.cdf(x)
    if model.discrete:
        # Uniform again: a point of F's jump chosen at random.
        u = u - np.random.default_rng(3).random(len(x)) * model.pmf(x)
    assert stats.kstest(u, "uniform").pvalue > 1e-5


@every_family
def test_the_print_names_the_parameters(row):
    names = ", ".join(p.name for p in row.family.parameters)
    family = getattr(row.typical, "family", type(row.typical))
    assert str(row.typical).startswith(f"p(x; {names}): {family.__name__} with ")
    model = row.typical
    while hasattr(model, "base_model"):
        model = model.base_model
    assert f"{type(model).__name__}({model.parameters[0].name}=" in repr(row.typical)


@every_family
def test_the_other_kind_of_density_is_refused_with_the_reason(row):
    model = row.typical
    wrong, reason = (model.pdf, "discrete") if model.discrete else (model.pmf, "every single value has probability 0")
    with pytest.raises(NotAvailableError, match=reason):
        wrong(1.0)


@every_family
def test_impossible_parameters_are_named_with_what_they_must_be(row):
    good = list(row.typical.theta)
    for i, parameter in enumerate(row.family.parameters):
        for value in (np.nan, -np.inf, "a", *([-1.0] if parameter.domain.lower == 0.0 else [])):
            if value in parameter.closed:
                continue
            theta = [value if j == i else t for j, t in enumerate(good)]
            with pytest.raises(ParameterError, match=f"{parameter.name} must be {parameter.describe()}"):
                row.made(theta)


@every_family
def test_what_is_no_number_is_refused(row):
    for x in ("a", 1j, [1.0, "b"]):
        with pytest.raises(DataTypeError, match="expected numbers"):
            row.typical.cdf(x)


@every_family
def test_a_model_is_a_frozen_value(row):
    model = row.typical
    assert model == row.family.from_theta(model.theta)
    assert hash(model) == hash(row.family.from_theta(model.theta))
    with pytest.raises(AttributeError):
        setattr(model, row.family.parameters[0].name, 3.0)
