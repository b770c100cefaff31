"""The quantiles that 95 % intervals use."""

# Of χ² with one degree of freedom, for profile intervals; of the normal, for Wald intervals.
PROFILE, WALD = 3.841458820694124, 1.959963984540054
