"""From a family and data to a certified model, and how sure it is; the public verbs are in `suffice` itself."""

from suffice.inference import targets

__all__ = ["targets"]
