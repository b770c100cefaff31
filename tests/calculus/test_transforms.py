import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffice.calculus import Interval, chain, positive, real, unit_interval
from suffice.errors import ParameterError

DOMAINS = [real, positive, unit_interval, Interval(-2.0, 5.0), Interval(3.0), Interval(upper=-1.0)]


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
@settings(deadline=None)
@given(phi=st.floats(-25, 25))
def test_unconstrain_undoes_constrain(domain, phi):
    theta = domain.constrain(phi)
    inside = bool(domain.contains(theta))
    slope = float(domain.derivatives(phi)[0])
    room = 4e-16 * (1 + abs(float(theta))) / slope
    assert inside or room > 1e-3
    if inside and room < 0.1:
        assert float(domain.unconstrain(theta)) == pytest.approx(phi, rel=1e-13, abs=1e-13 + 4 * room)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_derivatives_agree_with_differences(domain):
    phi, h = np.linspace(-6, 6, 49), 1e-4
    first, second = domain.derivatives(phi)
    above, below = domain.constrain(phi + h), domain.constrain(phi - h)
    np.testing.assert_allclose(first, (above - below) / (2 * h), rtol=1e-7, atol=1e-10)
    rise = domain.derivatives(phi + h)[0] - domain.derivatives(phi - h)[0]
    np.testing.assert_allclose(second, rise / (2 * h), rtol=1e-7, atol=1e-9)
    assert np.all(first > 0)


def test_far_coordinates_neither_warn_nor_leave_the_closed_domain():
    far = np.array([-1e4, -800.0, 800.0, 1e4])
    for domain in DOMAINS:
        theta = domain.constrain(far)
        assert np.all((theta >= domain.lower) & (theta <= domain.upper))
        assert not np.isnan(domain.derivatives(far)[0]).any()


def test_the_ends_and_not_a_number_are_outside():
    assert positive.contains([0.0, 1.0, np.inf, np.nan, -1.0]).tolist() == [False, True, False, False, False]
    assert positive.unconstrain(0.0) == -np.inf
    assert np.isnan(unit_interval.unconstrain(1.5))


def test_domains_are_described_in_words():
    words = [d.describe() for d in DOMAINS]
    assert words[:4] == [
        "a real number",
        "a positive number",
        "a number between 0 and 1",
        "a number between -2 and 5",
    ]
    assert words[4:] == ["a number above 3", "a number below -1"]
    assert Interval(upper=0.0).describe() == "a negative number"
    assert Interval(0.0) == positive
    assert positive.name == "positive"


def test_reversed_limits_are_refused():
    with pytest.raises(ParameterError, match="lower < upper, but lower = 2 and upper = 1") as caught:
        Interval(2.0, 1.0)
    assert caught.value.lower == 2.0


def test_chain_carries_derivatives_of_a_function_to_the_unconstrained_coordinates():
    domains = [positive, unit_interval]

    def f(theta):
        return theta[..., 0] ** 2 * np.log(theta[..., 1])

    def at(phi):
        return f(np.stack([d.constrain(phi[..., i]) for i, d in enumerate(domains)], axis=-1))

    phi = np.array([[0.3, -0.7], [1.0, 0.2], [-1.0, 2.0]])
    theta = np.stack([d.constrain(phi[:, i]) for i, d in enumerate(domains)], axis=-1)
    a, b = theta.T
    gradient = np.stack([2 * a * np.log(b), a**2 / b], axis=-1)
    hessian = np.stack([2 * np.log(b), 2 * a / b, 2 * a / b, -(a**2) / b**2], axis=-1).reshape(3, 2, 2)
    pairs = [d.derivatives(phi[:, i]) for i, d in enumerate(domains)]
    g, h = chain(gradient, hessian, *(np.stack(parts, axis=-1) for parts in zip(*pairs, strict=True)))
    e = 1e-4 * np.eye(2)
    for i in range(2):
        np.testing.assert_allclose(g[:, i], (at(phi + e[i]) - at(phi - e[i])) / 2e-4, rtol=1e-6)
        for j in range(2):
            plus, minus = (
                at(phi + e[i] + e[j]) - at(phi + e[i] - e[j]),
                at(phi - e[i] + e[j]) - at(phi - e[i] - e[j]),
            )
            np.testing.assert_allclose(h[:, i, j], (plus - minus) / 4e-8, rtol=1e-4, atol=1e-6)


def test_the_scale_of_the_coordinate_has_a_name():
    assert [domain.scale for domain in (real, positive, Interval(upper=3.0), unit_interval)] == [
        "",
        "log",
        "log",
        "logit",
    ]
