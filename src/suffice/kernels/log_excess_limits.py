"""Where the excess of the logarithm changes its formula, named apart from the kernel that needs it too."""

from __future__ import annotations

# Below this |t| the logarithm would cancel against t.
SMALL = 0.1
# Below this a quotient has lost digits or will.
UNDERFLOW = 1e-300
