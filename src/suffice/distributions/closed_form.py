"""What the certificate of a maximum says where it is known in closed form."""

from __future__ import annotations

import numpy as np

from suffice.calculus.certificate import OptimumCertificate

# Above this number of free parameters no Hessian is built: a closed form takes its place.
MOST_COORDINATES = 500


def closed_form_certificate(
    gain: float, gradient: np.ndarray, eigenvalues: np.ndarray, tolerance: float
) -> OptimumCertificate:
    """Certify the only stationary point of a log-likelihood whose information is known in closed form.

    Parameters
    ----------
    gain : the Newton decrement ½ gᵀI⁻¹g, in nats
    gradient : array, shape (q,)
    eigenvalues : array, shape (q,), of the information, ascending, all positive
    tolerance : nats that a maximum may leave to be gained
    """
    condition = float(eigenvalues[-1] / eigenvalues[0]) if len(eigenvalues) else 1.0
    found = bool(gain <= tolerance)
    return OptimumCertificate(
        status="maximum" if found else "not converged",
        scope="global",
        gain=gain,
        gradient=gradient,
        eigenvalues=eigenvalues,
        condition_number=condition,
        reason=(
            f"the information is positive definite in closed form (condition number {condition:.3g}), "
            f"{gain:.1g} nats are left to gain"
            if found
            else f"about {gain:.2g} nats are still to be gained"
        ),
    )
