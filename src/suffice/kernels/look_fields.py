"""The rows of the table of a first look, named apart from its kernels, so that reading a summary compiles nothing.

Kernels are cached by the time of their own file: after a change here, touch `look.py`.
"""

from __future__ import annotations

(
    COUNT,  # finite values
    MISSING,
    INFINITE,
    FIRST_MISSING,  # row numbers in the source; inf where there is none
    FIRST_INFINITE,
    MINIMUM,
    MAXIMUM,
    FIRST,  # the first and the last finite value
    LAST,
    MEAN,
    SQUARES,  # Σ (x − mean)²
    STEPS,  # Σ (x[i+1] − x[i])²
    DRIFT,  # Σ (i − mean i)(x − mean)
    RISES,  # how many steps go up, less how many go down
) = range(14)
FIELDS = 14
