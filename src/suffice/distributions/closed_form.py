"""The certificate of a maximum that is known in closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from suffice.calculus.certificate import OptimumCertificate, certify, left_text
from suffice.distributions.inference_problem import Solution
from suffice.errors import NotAvailableError

# Above this number of free parameters no Hessian is built: a closed form takes its place.
MOST_COORDINATES = 500
# Nats that a maximum may leave to be gained.
TOLERANCE = 1e-6
# The largest inverse information that is built as a matrix: 72 MB.
MOST_INVERTED = 3000


def refuse_hessian(q: int) -> None:
    """Refuse to build the Hessian of many parameters."""
    if q > MOST_COORDINATES:
        raise NotAvailableError(
            f"this needs the Hessian of {q:,} free parameters at many points, which is built for at most "
            f"{MOST_COORDINATES}; use method='wald', whose standard errors have a closed form, or a smaller model"
        )


def refuse_inverse(q: int) -> None:
    """Refuse to build a covariance of very many estimates."""
    if q > MOST_INVERTED:
        raise NotAvailableError(
            f"the covariance of {q:,} estimates would have {q * q:,} entries; use standard_errors, which has a "
            "closed form"
        )


def closed_form_certificate(
    solution: Solution, names: Sequence[str], spectrum: Callable[[], tuple[float, np.ndarray]]
) -> OptimumCertificate:
    """Certify the only stationary point of a log-likelihood.

    Parameters
    ----------
    solution : where the closed form is; its Hessian is used where it has one
    names : of the q coordinates
    spectrum : gives the Newton decrement ½ gᵀI⁻¹g and the eigenvalues of the information, ascending,
        shape (q,), where there is no Hessian
    """
    if solution.hessian is not None:
        found = certify(solution.gradient, solution.hessian, tolerance=TOLERANCE, scope="global", names=names)
    else:
        found = _without_hessian(solution.gradient, *spectrum())
    return solution.judged(found)


def _without_hessian(gradient: np.ndarray, gain: float, eigenvalues: np.ndarray) -> OptimumCertificate:
    condition = float(eigenvalues[-1] / eigenvalues[0])
    arrived = bool(gain <= TOLERANCE)
    return OptimumCertificate(
        status="maximum" if arrived else "not converged",
        scope="global",
        gain=gain,
        gradient=gradient,
        eigenvalues=eigenvalues,
        condition_number=condition,
        reason=(
            f"the information is positive definite in closed form (condition number {condition:.3g}), {left_text(gain)}"
            if arrived
            else f"about {gain:.2g} nats are still to be gained"
        ),
    )
