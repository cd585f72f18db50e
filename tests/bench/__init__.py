"""Benchmarks run by hand, never timed tests (`python -m tests.bench.cycle --help`)."""
