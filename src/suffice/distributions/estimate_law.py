"""How estimates vary where the likelihood is not regular: a law of their own in place of the information matrix."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from suffice.distributions.inference_problem import Question, Solution
from suffice.errors import NotAvailableError


class EstimateLaw:
    """What a family knows of its estimates beyond the derivatives at the maximum; a frozen value.

    A fit asks it before anything else: for standard errors, for the default method of an interval, for why a method
    does not hold, and for the interval of a parameter by the methods it `answers`.
    """

    __slots__ = ()

    # What standard errors come from: "exact law", "expected information".
    basis: ClassVar[str]
    # The methods by which it gives intervals of parameters itself.
    answers: ClassVar[tuple[str, ...]]
    # The method of an interval where none is asked for; "" leaves the usual choice.
    for_parameters: ClassVar[str] = ""
    for_functions: ClassVar[str] = ""

    def refusal(self, method: str, of_function: bool = False) -> str:
        """Return why a method ("profile", "wald", "exact", "bootstrap", "robust") does not hold here; "" where it does.

        Parameters
        ----------
        of_function : whether an interval is of a function of the model, not of a parameter
        """
        return ""

    def spread(self, model: Any, n: float) -> tuple[np.ndarray, np.ndarray] | None:
        """Return standard errors (p,) and correlations (p, p) of the p estimates; None where the Hessian gives them."""
        return None

    def interval(self, solution: Solution, name: str, level: float, n: float) -> Question:
        """Return the question for lower and upper end of the interval of a parameter, and a note.

        Parameters
        ----------
        solution : where the plan ended
        name : of a parameter that was not fixed
        level : the confidence
        n : the weight of the data
        """
        raise NotAvailableError(f"the law of the estimates has no interval of {name}")


def known(value: Any) -> Question:
    """Return a question that asks nothing and is answered by the value."""
    return value
    yield
