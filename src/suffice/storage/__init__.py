"""Saving and loading: versioned JSON, a closed registry of types, no pickle."""
