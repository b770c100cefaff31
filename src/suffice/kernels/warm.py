"""Load every kernel, so that the cache on disk is warm: `python -m suffice.kernels.warm`."""

from __future__ import annotations

import importlib
import pkgutil

import suffice.kernels


def warm() -> tuple[str, ...]:
    """Import all modules of kernels and return their names; what the cache lacks is compiled."""
    names = [module.name for module in pkgutil.iter_modules(suffice.kernels.__path__)]
    names = [name for name in names if name != "warm"]
    for name in names:
        importlib.import_module(f"suffice.kernels.{name}")
    return tuple(names)


if __name__ == "__main__":
    warm()
