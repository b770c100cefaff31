"""Reports of fits as pages."""
