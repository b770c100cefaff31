"""What a plan knows goes before what derivatives show, where they cannot show it."""

import numpy as np
import pytest

from suffice.calculus.certificate import certify
from suffice.distributions.inference_problem import Solution

NONE = np.empty(0)
AT_TOP = certify([0.0], [[-4.0]])
ON_SLOPE = certify([1.0], [[-4.0]])


def solution(**known):
    return Solution(None, NONE, 0.0, NONE, NONE, None, **known)


@pytest.mark.parametrize("status", ["kink", "no finite maximum"])
def test_a_kink_or_a_limit_is_said_whatever_the_derivatives_are(status):
    for found in (AT_TOP, ON_SLOPE):
        judged = solution(status=status, reason="the median").judged(found)
        assert (judged.status, judged.reason) == (status, "the median")


def test_a_boundary_must_be_a_maximum_in_the_other_coordinates():
    known = solution(status="boundary", reason="p = 0")
    assert (known.judged(AT_TOP).status, known.judged(AT_TOP).reason) == ("boundary", "p = 0")
    assert known.judged(ON_SLOPE).status == "not converged"


def test_why_a_search_stopped_is_added_only_where_there_is_no_maximum():
    known = solution(reason="no step improved")
    assert known.judged(AT_TOP) == AT_TOP
    assert known.judged(ON_SLOPE).reason == f"{ON_SLOPE.reason}; no step improved"
