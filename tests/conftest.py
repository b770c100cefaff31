"""What all tests share: drawn cases are the same in every run, and no deadline depends on a clock."""

from hypothesis import settings

settings.register_profile("suffice", derandomize=True, deadline=None)
settings.load_profile("suffice")
