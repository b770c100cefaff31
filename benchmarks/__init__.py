"""Benchmarks against named rivals, on the same data in the same run: `python -m benchmarks [NAME…]`."""
